/** What is known of every provider: of keysmith's own, and of those that other packages have defined. */
import { apis } from "../generated/apis.js";
import { providers } from "../generated/providers.js";
import type { Api } from "./api.js";
import { defined } from "./define.js";
import { ConfigurationError } from "./http/errors.js";
import { failure } from "./http/failure.js";
import type { ProviderName } from "./key.js";
import type { Room } from "./room.js";

/** The names of all providers, keysmith's own first. */
export function providerNames(): ProviderName[] {
  return [...new Set(Object.keys({ ...apis, ...defined }) as ProviderName[])];
}

/** @throws ConfigurationError where nobody has defined it. */
export function apiOf<P extends ProviderName>(provider: P): Api<P> {
  const own: { readonly [Name in ProviderName]?: Api<Name> } = apis;
  return own[provider] ?? defined[provider]?.api ?? undefinedProvider(provider);
}

/** @throws ConfigurationError where nobody has defined it. */
export function roomOf<P extends ProviderName>(provider: P): Room<P> {
  const own: { readonly [Name in ProviderName]?: Room<Name> } = providers;
  const found = own[provider];
  if (found) return found;
  const { connect, copy } = defined[provider] ?? undefinedProvider(provider);
  return { connect: () => Promise.resolve(connect), copy: () => Promise.resolve(copy) };
}

function undefinedProvider(provider: string): never {
  const problem =
    "nothing is known of this provider. Import the module that defines it (defineProvider of keysmith/kit).";
  throw failure(ConfigurationError, { provider }, problem);
}
