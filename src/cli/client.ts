/** Facades as the commands use them: any provider's, with the credential that the options or the environment give. */
import { providers } from "../../generated/providers.js";
import {
  isKeysmithError,
  type ApiKey,
  type CallOptions,
  type CallPromise,
  type CreatedApiKey,
  type KeyList,
  type ProviderName,
} from "../index.js";
import { Secret } from "../secret.js";
import { UsageError } from "./errors.js";
import { secretIn } from "./flags.js";
import type { Options } from "./options.js";
import { howToGetAKey } from "./provider-hints.js";
import { remember } from "./secrets.js";

/** What the facades have in common, and what some have. */
export interface Keys {
  readonly provider: ProviderName;
  list(filter?: object, options?: CallOptions): KeyList;
  create(input: object, options?: CallOptions): CallPromise<CreatedApiKey>;
  revoke(key: ApiKey | string, options?: CallOptions): CallPromise<void>;
  get?(id: string, options?: CallOptions): CallPromise<ApiKey>;
  update?(id: string, patch: object, options?: CallOptions): CallPromise<ApiKey>;
  current?(options?: CallOptions): CallPromise<object>;
  stats?(options?: CallOptions): CallPromise<object>;
  export?(options?: CallOptions): CallPromise<object>;
}

/** A facade of any of the providers, with all that it has. */
export type AnyFacade = ReturnType<Awaited<ReturnType<(typeof providers)[ProviderName]>>["connect"]>;

export const providerNames = Object.keys(providers) as ProviderName[];

/** What a spec says of an API, as far as the command asks. */
export interface Api {
  provider: ProviderName;
  baseUrl: string;
  baseUrlEnv: string;
  credentialEnv: string;
  operations: object;
}

export async function apiOf(provider: ProviderName): Promise<Api> {
  return (await providers[provider]()).api;
}

/** @throws UsageError where there is no credential, or the base URL is none to send it to. */
export async function connect(provider: ProviderName, options: Options): Promise<AnyFacade> {
  const { api, connect } = await providers[provider]();
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
  try {
    return connect({ apiKey: new Secret(credential), baseUrl });
  } catch (error) {
    // A secret is looked at when it is sent, so that nothing but the base URL can be wrong here.
    if (!isKeysmithError(error) || error.kind !== "configuration") throw error;
    throw new UsageError(
      `${provider}: the base URL of ${baseUrl === undefined ? api.baseUrlEnv : "--base-url"} has to begin with https://, ` +
        "or with http:// where it is on this machine, such as http://127.0.0.1:4010, and cannot have a user, query or fragment.",
      { cause: error },
    );
  }
}

/** The providers that are named; where none is, those whose credential the environment has. */
export async function chosen(named: readonly ProviderName[], options: Options): Promise<ProviderName[]> {
  const apis = await Promise.all(providerNames.map(apiOf));
  const names =
    named.length > 0
      ? [...new Set(named)]
      : apis.filter(({ credentialEnv }) => process.env[credentialEnv]?.trim()).map(({ provider }) => provider);
  if (names.length === 0) {
    throw new UsageError(
      `There is no credential of any provider. Set ${apis.map(({ credentialEnv }) => credentialEnv).join(", ")}, or one of them.`,
    );
  }
  if (names.length > 1 && (options.apiKeyFile !== undefined || options.baseUrl !== undefined)) {
    throw new UsageError("--api-key-file and --base-url are for one provider. Name it.");
  }
  return names;
}

/** The methods that not every provider has, and the operation of a spec that stands for each. */
const OPERATIONS = {
  get: "getApiKey",
  update: "updateApiKey",
  current: "getCurrentApiKey",
  stats: "getUserStats",
  export: "exportUserData",
} as const;

type Optional = keyof typeof OPERATIONS;

export async function providersWith(name: Optional): Promise<ProviderName[]> {
  const apis = await Promise.all(providerNames.map(apiOf));
  return apis.filter(({ operations }) => OPERATIONS[name] in operations).map(({ provider }) => provider);
}

/**
 * Looks whether a provider has a method, before a credential for it is asked for.
 *
 * @param instead what to do where it has none
 * @throws UsageError
 */
export async function checkHas(provider: ProviderName, name: Optional, instead?: string): Promise<void> {
  const able = await providersWith(name);
  if (able.includes(provider)) return;
  const others = `${able.join(" and ")} ${able.length === 1 ? "has" : "have"} it`;
  throw new UsageError(`${provider} has no ${name}; ${others}.${instead === undefined ? "" : ` ${instead}.`}`);
}

/** A method that not every provider has. @throws UsageError */
export function requireMethod<Name extends Optional>(keys: Keys, name: Name): NonNullable<Keys[Name]> {
  const method = keys[name];
  if (method) return method.bind(keys) as NonNullable<Keys[Name]>;
  throw new UsageError(`${keys.provider} has no ${name}.`);
}
