/** The options of a client, checked, with the environment and the defaults for what is left out. */
import { ConfigurationError } from "./http/errors.js";
import { isHeaderSafe, NOT_HEADER_SAFE, type Settings } from "./http/transport.js";
import type { ProviderName } from "./key.js";
import type { CallOptions, ClientOptions } from "./options.js";

interface Api {
  readonly provider: ProviderName;
  readonly baseUrl: string;
  readonly baseUrlEnv: string;
  readonly credentialEnv: string;
}

/** @throws ConfigurationError */
export function settingsOf({ provider, credentialEnv }: Api, options: ClientOptions): Settings {
  const page = globalThis as { window?: unknown; document?: unknown };
  if (page.window && page.document && !options.dangerouslyAllowBrowser) {
    const risk = "a credential in a browser can be read by whoever uses the page";
    throw refusal(provider, `${risk}. Call the API from a server, or set dangerouslyAllowBrowser.`);
  }
  const credential = options.apiKey ?? environment(credentialEnv) ?? "";
  if (credential === "") throw refusal(provider, `there is no credential. Pass apiKey, or set ${credentialEnv}.`);
  if (typeof credential === "string" && !isHeaderSafe(credential)) throw refusal(provider, NOT_HEADER_SAFE);
  return {
    credential,
    // Looked up at each call, so that what replaces the global one later is used.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    maxRetryWaitMs: limitsOf(provider, options).maxRetryWaitMs,
    onEvent: options.onEvent,
    clockSkewMs: 0,
  };
}

/** @throws ConfigurationError */
export function limitsOf(provider: ProviderName, client: ClientOptions, call: CallOptions = {}) {
  const limits = {
    timeoutMs: call.timeoutMs ?? client.timeoutMs ?? 30_000,
    maxRetries: call.maxRetries ?? client.maxRetries ?? 2,
    maxRetryWaitMs: client.maxRetryWaitMs ?? 60_000,
    maxBodyBytes: client.maxBodyBytes ?? 10_000_000,
  };
  for (const [name, value] of Object.entries(limits)) {
    if (!(value >= 0)) throw refusal(provider, `${name} must be a number, 0 or more.`);
  }
  return limits;
}

/**
 * Only TLS keeps a credential from those who carry it, but for a server on the same machine.
 *
 * @throws ConfigurationError
 */
export function baseUrlOf(api: Api, { baseUrl, allowInsecure }: ClientOptions): string {
  const text = baseUrl ?? environment(api.baseUrlEnv) ?? api.baseUrl;
  if (!URL.canParse(text)) throw refusal(api.provider, "the base URL is none. Give it whole: https://host/path.");
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username || password || search || hash) {
    throw refusal(api.provider, "the base URL must be without user, password, query and fragment.");
  }
  const local = allowInsecure ?? /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol === "https:" || (protocol === "http:" && local)) return text;
  throw refusal(api.provider, "the base URL must be https; http reaches only loopback unless allowInsecure is set.");
}

function refusal(provider: string, problem: string): ConfigurationError {
  return new ConfigurationError(`${provider}: ${problem}`, { provider });
}

/** A variable of the environment; undefined where it is unset or empty, or the runtime has none or keeps it shut. */
function environment(name: string): string | undefined {
  try {
    const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
    return process?.env?.[name]?.trim() || undefined; // eslint-disable-line @typescript-eslint/prefer-nullish-coalescing -- empty is unset
  } catch {
    return undefined;
  }
}
