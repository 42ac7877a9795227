/** Facades as the commands use them: any provider's, with the credential that the options or the environment give. */
import type { Api, Parent } from "../api.js";
import type { OptionalMethod } from "../flags.js";
import { isStep } from "../id.js";
import {
  isKeysmithError,
  type CallOptions,
  type CallPromise,
  type Changeable,
  type Keys,
  type ProviderName,
} from "../index.js";
import { roomOf } from "../registry.js";
import { clocked } from "../rotation/server-clock.js";
import { Secret } from "../secret.js";
import { attempts } from "./attempts.js";
import { heed } from "./clock.js";
import { goesTo } from "./destinations.js";
import { UsageError } from "./errors.js";
import { flagInput, parentFlag, secretIn } from "./flags.js";
import type { Options } from "./options.js";
import { useProxies } from "./proxies.js";
import { apiOf, howToGetAKey, isPlaintext, providerNames } from "./providers.js";
import { remember } from "./secrets.js";

/** A facade of any provider, with all that it may have. */
export type AnyKeys = Keys &
  Partial<Pick<Changeable, "get" | "update">> &
  Partial<Record<AccountMethod, (options?: CallOptions) => CallPromise<object>>>;

/** What a provider tells of the credential in use, or of the whole account. */
export type AccountMethod = Exclude<OptionalMethod, keyof Changeable>;

/** @throws UsageError where there is no credential, or the base URL is none to send it to. */
export async function connect(provider: ProviderName, options: Options): Promise<AnyKeys> {
  const api = apiOf(provider);
  const connect = await roomOf(provider).connect();
  await useProxies();
  const parents = flagInput("parents", provider, options);
  const { apiKeyFile, baseUrl } = options;
  const credential =
    apiKeyFile === undefined ? process.env[api.credentialEnv]?.trim() : secretIn("--api-key-file", apiKeyFile);
  if (!credential) {
    const where =
      apiKeyFile === undefined
        ? `Set ${api.credentialEnv}, or give --api-key-file PATH`
        : `--api-key-file: ${apiKeyFile === "-" ? "standard input" : apiKeyFile} is empty`;
    throw new UsageError(`${provider}: there is no credential. ${where}. ${howToGetAKey(provider)}`.trimEnd());
  }
  remember(credential);
  goesTo(provider, baseUrl);
  const [missing] = missingParents(api, options);
  if (missing) {
    const instead = missing.env === undefined ? "" : `, or set ${missing.env}`;
    throw new UsageError(`${provider}: there is no ${missing.option}. Give ${parentFlag(missing).flags}${instead}.`);
  }
  for (const parent of Object.values(api.parents ?? {})) {
    const id = parentIn(parent, options);
    if (!id || (isStep(id) && !isPlaintext(id))) continue;
    const problem = 'an id is no plaintext of a key, and neither "." nor ".."';
    throw new UsageError(`${provider}: ${parentFlag(parent).flags}, or what ${parent.env ?? "it"} says: ${problem}.`);
  }
  try {
    const { keys, serverNow } = clocked(
      connect({ apiKey: new Secret(credential), baseUrl, ...attempts(options), ...parents }),
    );
    heed(serverNow);
    return keys;
  } catch (error) {
    // A secret is looked at when it is sent, so that nothing but the base URL can be wrong here.
    if (!isKeysmithError(error) || error.kind !== "configuration") throw error;
    throw new UsageError(
      `${provider}: the base URL of ${baseUrl === undefined ? api.baseUrlEnv : "--base-url"} has to begin with https://, ` +
        "or with http:// where it is on this machine, such as http://127.0.0.1:4010, or --allow-insecure is given, and cannot have " +
        "a user, query or fragment.",
      { cause: error },
    );
  }
}

/** The providers that are named; where none is, those whose credential the environment has. */
export function chosen(named: readonly ProviderName[], options: Options): ProviderName[] {
  const all = providerNames().map(apiOf);
  const names =
    named.length > 0
      ? [...new Set(named)]
      : providerNames().filter((name) => {
          const api = apiOf(name);
          return process.env[api.credentialEnv]?.trim() && missingParents(api, options).length === 0;
        });
  if (names.length === 0) {
    const variables = new Set(all.map(({ credentialEnv }) => credentialEnv));
    throw new UsageError(`There is no credential of any provider. Set one of ${[...variables].join(", ")}.`);
  }
  if (names.length > 1 && (options.apiKeyFile !== undefined || options.baseUrl !== undefined)) {
    throw new UsageError("--api-key-file and --base-url are for one provider. Name it.");
  }
  return names;
}

/** What stands in every path before the keys, and nobody has given. */
function missingParents({ parents = {} }: Api, options: Options): Parent[] {
  return Object.values(parents).filter((parent) => parent.required && !parentIn(parent, options));
}

function parentIn({ option, env = "" }: Parent, options: Options): string | undefined {
  const given = options[option];
  return typeof given === "string" ? given : process.env[env]?.trim();
}

/** A method that not every provider has. @throws UsageError */
export function requireMethod<Name extends OptionalMethod>(keys: AnyKeys, name: Name): NonNullable<AnyKeys[Name]> {
  const method = keys[name];
  if (method) return method;
  throw new UsageError(`${keys.provider} has no ${name}.`);
}
