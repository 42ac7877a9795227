/** The options of a client, checked, with the environment and the defaults for what is left out. */
import type { Api } from "./api.js";
import { checkedCredential } from "./http/credential.js";
import { ConfigurationError } from "./http/errors.js";
import { failure, type CallName } from "./http/failure.js";
import { KnownSecrets } from "./http/redact.js";
import type { ProviderName } from "./key.js";
import type { CallOptions, ClientOptions, Credential } from "./options.js";

/** What every call of a client needs. */
export interface Settings<Operation extends string = string> {
  readonly api: Api<ProviderName, Operation>;
  /** As they were given. */
  readonly options: ClientOptions;
  readonly baseUrl: string;
  /** Where the base URL comes from, in words. */
  readonly baseUrlSource: string;
  readonly credential: Credential;
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  /** How far the server's clock is ahead of ours, by its latest answer. */
  skewMs: number;
  /** What all calls know: a server may quote it to another one, such as the list of candidates. */
  readonly secrets: KnownSecrets;
}

/** @throws ConfigurationError */
export function settingsOf<Operation extends string>(
  api: Api<ProviderName, Operation>,
  options: ClientOptions,
): Settings<Operation> {
  const refuse = (problem: string) => {
    throw failure(ConfigurationError, api, problem);
  };
  if ("window" in globalThis && "document" in globalThis && !options.dangerouslyAllowBrowser) {
    refuse("in a browser, whoever uses the page can read the credential. If they may, set dangerouslyAllowBrowser.");
  }
  const credential = options.apiKey ?? environment(api.credentialEnv);
  if (!credential) return refuse(`there is no credential. Pass apiKey, or set ${api.credentialEnv}.`);
  if (typeof credential === "string") checkedCredential(api, credential);

  // Only TLS keeps a credential from those who carry it, but for a server on the same machine.
  const [baseUrl = api.baseUrl, baseUrlSource = "the default"] =
    [
      [options.baseUrl, "the option baseUrl"],
      [environment(api.baseUrlEnv), `from ${api.baseUrlEnv}`],
    ].find(([given]) => given !== undefined) ?? [];
  const url = URL.canParse(baseUrl) ? new URL(baseUrl).href : "";
  const safe = /^(https:\/\/[^/@]+|http:\/\/(([^/@]+\.)?localhost|127[.\d]+|\[::1\])(:\d+)?)\/[^?#]*$/;
  if (!safe.test(options.allowInsecure ? url.replace("http:", "https:") : url)) {
    refuse("the base URL must be https (or http to loopback, or allowInsecure), without user, query and fragment.");
  }
  limitsOf(api, options);
  return {
    api,
    options,
    baseUrl: url.replace(/\/$/, ""),
    baseUrlSource,
    credential,
    // The global one is looked up at each call, so that what replaces it later is used.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    skewMs: 0,
    secrets: new KnownSecrets(),
  };
}

const DEFAULTS = { timeoutMs: 30_000, maxRetries: 2, maxRetryWaitMs: 60_000, maxBodyBytes: 10_000_000 };

export type Limits = Readonly<typeof DEFAULTS>;

/**
 * The limits of a call: what the last of these says that says anything.
 *
 * @throws ConfigurationError
 */
export function limitsOf(name: CallName, ...given: Partial<ClientOptions & CallOptions>[]): Limits {
  const limits = { ...DEFAULTS };
  for (const limit of Object.keys(DEFAULTS) as (keyof Limits)[]) {
    for (const options of given) limits[limit] = options[limit] ?? limits[limit];
    if (!(limits[limit] >= 0)) throw failure(ConfigurationError, name, `${limit} must be a number, 0 or more.`);
  }
  return limits;
}

/** A variable of the environment; undefined where it is unset or empty, or the runtime has none or keeps it shut. */
function environment(name: string): string | undefined {
  try {
    const { process } = globalThis as unknown as { process: { env: Record<string, string> } };
    return process.env[name]?.trim() || undefined; // oxlint-disable-line typescript/prefer-nullish-coalescing -- empty is unset
  } catch {
    return undefined;
  }
}
