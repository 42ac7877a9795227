/** The options of a client, checked, with the environment and the defaults for what is left out. */
import type { Api, AuthHeader } from "./api.js";
import { checkedCredential } from "./http/credential.js";
import { ConfigurationError } from "./http/errors.js";
import { failure, type CallName } from "./http/failure.js";
import { isStep } from "./id.js";
import { KnownSecrets } from "./http/redact.js";
import type { ProviderName } from "./key.js";
import type { CallOptions, ClientOptions, Credential } from "./options.js";
import { looksLikePlaintext } from "./plaintext.js";
import type { RequestInit, Response } from "./web.js";

/** What every call of a client needs. */
export interface Settings<Operation extends string = string> {
  readonly api: Api<ProviderName, Operation>;
  /** As they were given. */
  readonly options: ClientOptions;
  readonly baseUrl: string;
  /** Where the base URL comes from, in words. */
  readonly baseUrlSource: string;
  /** What each header of the credential is sent with. */
  readonly credentials: readonly (AuthHeader & { readonly credential: Credential })[];
  /** What stands in paths before the key, by the parameter's name. */
  readonly parents: Readonly<Record<string, string>>;
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  /** How far the server's clock is ahead of ours, by its latest answer. */
  skewMs: number;
  /** What all calls know: a server may quote it to another one, such as the list of candidates. */
  readonly secrets: KnownSecrets;
}

/**
 * What a facade is given besides: what stands in paths before the key, and the credentials of headers behind the first, by
 * the names that their options have in the spec.
 */
export type OwnOptions = Readonly<Record<string, Credential | undefined>>;

/** Marks a sandbox's `fetch`, whose credentials are no secrets. */
export const SIMULATED = Symbol.for("keysmith.sandbox");

/** @throws ConfigurationError */
export function settingsOf<Operation extends string>(
  api: Api<ProviderName, Operation>,
  options: ClientOptions,
  own: OwnOptions = {},
): Settings<Operation> {
  const refuse = (problem: string): never => {
    throw failure(ConfigurationError, api, problem);
  };
  // A test's browser may be simulated; what its fetch simulates, too, needs no secret.
  const allowed = options.dangerouslyAllowBrowser ?? (options.fetch && SIMULATED in options.fetch);
  if ("window" in globalThis && "document" in globalThis && !allowed) {
    refuse("in a browser, whoever uses the page can read the credential. If they may, set dangerouslyAllowBrowser.");
  }
  // Only TLS keeps a credential from those who carry it, but for a server on the same machine.
  const [baseUrl = api.baseUrl, baseUrlSource = "the default"] =
    [
      [options.baseUrl, "the option baseUrl"],
      [environment(api.baseUrlEnv), `from ${api.baseUrlEnv}`],
    ].find(([given]) => given !== undefined) ?? [];
  if (api.selfHosted && baseUrlSource === "the default") {
    refuse(`nobody but you knows where your server is. Pass baseUrl, or set ${api.baseUrlEnv}.`);
  }
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
    credentials: credentialsOf(api, options, own),
    parents: parentsOf(api, own),
    // The global one is looked up at each call, so that what replaces it later is used.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    skewMs: 0,
    secrets: new KnownSecrets(),
  };
}

/** @throws ConfigurationError */
function credentialsOf(api: Api, options: ClientOptions, own: OwnOptions): Settings["credentials"] {
  return api.auth.map((sent: AuthHeader, index) => {
    const [name, env] = index === 0 ? ["apiKey", api.credentialEnv] : [sent.option ?? "", sent.env];
    const credential = (index === 0 ? options.apiKey : own[name]) ?? environment(env);
    if (!credential) throw missing(api, "credential", name, env);
    if (typeof credential === "string") checkedCredential(api, credential, sent);
    return { ...sent, credential };
  });
}

/** @throws ConfigurationError */
function parentsOf(api: Api, own: OwnOptions): Settings["parents"] {
  const parents: Record<string, string> = {};
  for (const [parameter, { option, env, required }] of Object.entries(api.parents ?? {})) {
    const parent = own[option] ?? environment(env);
    if (parent === undefined && required) throw missing(api, option, option, env);
    if (parent === undefined) continue;
    if (!isStep(parent) || looksLikePlaintext(api, parent)) {
      const problem = `${option} must be an id: a non-empty text other than "." and "..", and no plaintext of a key.`;
      throw failure(ConfigurationError, api, problem);
    }
    parents[parameter] = parent;
  }
  return parents;
}

function missing(api: Api, what: string, option: string, env: string | undefined): Error {
  const instead = env === undefined ? "" : `, or set ${env}`;
  return failure(ConfigurationError, api, `there is no ${what}. Pass ${option}${instead}.`);
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
function environment(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  try {
    const { process } = globalThis as unknown as { process: { env: Record<string, string> } };
    return process.env[name]?.trim() || undefined; // oxlint-disable-line typescript/prefer-nullish-coalescing -- empty is unset
  } catch {
    return undefined;
  }
}
