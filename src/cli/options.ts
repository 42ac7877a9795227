/** What the options of all commands give, by commander's names. */
export interface Options {
  json?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  apiKeyFile?: string;
  baseUrl?: string;
  allowInsecure?: boolean;
  timeout?: string;
  retries?: string;
  verbose?: boolean;
  out?: string;
  dotenv?: string;
  variable?: string;
  /** Former names of these two. */
  envFile?: string;
  envName?: string;
  exec?: string;
  read?: string;
  reveal?: boolean;
  held?: string;
  minAge?: string;
  olderThan?: string;
  retire?: "revoke" | "disable" | "keep";
  retireAfter?: string;
  /** True where it is given without a duration. */
  retireDue?: string | true;
  revoke?: boolean;
  journal?: string;
  policy?: string;
  maxSpentShare?: string;
  ignore?: string[];
  baseline?: string;
  failOn?: "high" | "medium" | "low";
  output?: "text" | "json" | "yaml" | "csv" | "ids" | "sarif" | "markdown";
  seed?: string;
  fault?: string[];
  rateLimit?: string;
  now?: string;
  remoteControl?: boolean;
  concurrency?: string;
  maxFailures?: string;
  holds?: string;
  holdsNone?: boolean;
  port?: string;
  host?: string;
  /** The flags of one provider or another: `flagInput()` reads them. */
  [flag: string]: unknown;
}
