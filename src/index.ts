export * from "./providers/estuary/keys.js";
export * from "./providers/openrouter/keys.js";
export * from "./providers/cockroach/keys.js";
export { Secret } from "./secret.js";
export * from "./http/errors.js";
export { CreateOutcomeUnknownError, type Candidate } from "./http/outcome-unknown.js";
export type { ApiKey, CreatedApiKey, ProviderName } from "./key.js";
export type { KeyList } from "./list.js";
export type { CallOptions, ClientOptions, Credential, KeysmithEvent } from "./options.js";
export type { CallPromise, WithResponse } from "./connection.js";
export type { Transport } from "./raw-client.js";
export { NotStoredError, RotationError, RotationPendingError, type RotationStep } from "./rotation/errors.js";
export type { CreateInputs, RotatingKeys, RotatingProvider } from "./rotation/providers.js";
export { rotate, type Journal, type Retirement, type RotateOptions, type Rotation } from "./rotation/rotate.js";
export { rotateAll, type RotateAllOptions, type RotationResult } from "./rotation/rotate-all.js";
export {
  findOrphans,
  retireDue,
  revokeOrphans,
  type FindOrphansOptions,
  type Sweep,
  type TracedKey,
  type Verdict,
} from "./rotation/orphans.js";
export { audit, defaultPolicy, type AuditPolicy, type AuditRule, type Finding } from "./audit.js";
