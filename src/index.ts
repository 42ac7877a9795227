export * from "./providers/estuary/keys.js";
export * from "./providers/openrouter/keys.js";
export * from "./providers/cockroach/keys.js";
export * from "./providers/openai/keys.js";
export * from "./providers/openaiproject/keys.js";
export * from "./providers/cloudflare/keys.js";
export * from "./providers/unleash/keys.js";
export * from "./common.js";
export { EntryLostError, NotStoredError, RotationError, RotationPendingError } from "./rotation/errors.js";
export type { Journal, JournalLeft, NeededOverrides, Retirement, RotateOptions, Rotation } from "./rotation/options.js";
export { rotate } from "./rotation/rotate.js";
export { storedKey, type StoredKey, type StoredKeyOptions } from "./rotation/stored-key.js";
export { rotateAll, type RotateAllOptions, type RotationResult } from "./rotation/rotate-all.js";
export {
  findOrphans,
  retireDue,
  revokeOrphans,
  type AskableStore,
  type FindOrphansOptions,
  type Sweep,
  type TracedKey,
  type Verdict,
} from "./rotation/orphans.js";
export { audit, defaultPolicy, type AuditException, type AuditPolicy, type AuditRule, type Finding } from "./audit.js";
