/** What every entry of the package has beside its own: all that the signatures of a facade mention. */
export { Secret } from "./secret.js";
export * from "./http/errors.js";
export { KeysmithError, type ErrorDetails, type ErrorKind } from "./http/keysmith-error.js";
export { CreateOutcomeUnknownError, RollOutcomeUnknownError, type Candidate } from "./http/outcome-unknown.js";
export type { RotationDetails, RotationError, RotationPendingError, RotationStep } from "./rotation/errors.js";
export type { Providers } from "../generated/index.js";
export type { ApiKey, CreatedApiKey, ProviderName } from "./key.js";
export type { Changeable, Keys, Readable } from "./keys.js";
export type { KeyList } from "./list.js";
export type { CallOptions, ClientOptions, Credential, KeysmithEvent } from "./options.js";
export type { CallPromise, WithResponse } from "./call.js";
export type { Transport } from "./raw-client.js";
