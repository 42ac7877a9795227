import type { ErrorDetails, KeysmithError } from "./keysmith-error.js";
import { redact } from "./redact.js";

/** What of a call an error tells. */
export interface CallName {
  readonly provider: string;
  /** The operationId. Left out where no operation is at fault. */
  readonly operation?: string;
}

/** An error that says where, what was wrong, and what to do. */
export function failure<E extends KeysmithError>(
  ErrorClass: new (message: string, details: ErrorDetails) => E,
  { provider, operation }: CallName,
  problem: string,
  details?: Omit<ErrorDetails, "provider" | "operation">,
): E {
  const place = operation ? `${provider} ${operation}` : provider;
  return new ErrorClass(`${place}: ${problem}`, { provider, operation, ...details });
}

/** Where the API is, and whence that is known, for people. */
interface Answered {
  settings: { baseUrl: string; baseUrlSource: string; secrets: Iterable<string> };
}

/** What to do where it may not be the API that answered. */
export function checkBaseUrl({ settings }: Answered): string {
  const { baseUrl, baseUrlSource, secrets } = settings;
  return `check the base URL, ${redact(baseUrl, secrets)} (${baseUrlSource})`;
}
