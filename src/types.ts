/**
 * Types alone, without any code: those of a key and a call, what a caller says of each provider's keys, and each provider's
 * schemas under the provider's name.
 */
export type * from "../generated/index.js";
export type { ApiKey, CreatedApiKey, ProviderName } from "./key.js";
export type { KeyList } from "./list.js";
export type { CallOptions, ClientOptions, Credential, KeysmithEvent } from "./options.js";
export type { CallPromise, WithResponse } from "./call.js";
export type { ErrorKind } from "./http/keysmith-error.js";
export type { Secret } from "./secret.js";
