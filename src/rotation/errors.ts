import { KeysmithError, type ErrorDetails } from "../http/keysmith-error.js";
import type { ApiKey } from "../key.js";

/** Where a rotation stands: what it does, in this order. */
export type RotationStep = "read" | "create" | "claim" | "prepare" | "verify" | "store" | "confirm" | "retire";

/** Thrown by a `store` that certainly wrote nothing, so that the new key can be revoked. */
export class NotStoredError extends Error {
  override readonly name = "NotStoredError";
}

/** Thrown by a journal whose entry another rotation has taken over, so that this one stops. */
export class EntryLostError extends Error {
  override readonly name = "EntryLostError";
}

/** What a `RotationError` is made of. */
export interface RotationDetails extends ErrorDetails {
  step: RotationStep;
  key: ApiKey | undefined;
  successor?: ApiKey | undefined;
  valid: string[];
}

/** A rotation stopped. The message says at which step, which keys are valid, and what to do next. */
export class RotationError extends KeysmithError {
  override readonly name = "RotationError";
  override readonly kind = "rotation";
  readonly step: RotationStep;
  /** The key that was to be replaced. Undefined where it could not be read. */
  readonly key: ApiKey | undefined;
  /** The new key, where there is or may be one. */
  readonly successor: ApiKey | undefined;
  /** The ids of the keys that are valid, as far as is known. */
  readonly valid: string[];

  constructor(message: string, details: RotationDetails) {
    super(message, details);
    this.step = details.step;
    this.key = details.key;
    this.successor = details.successor;
    this.valid = details.valid;
  }
}

/** Another rotation of the same key is under way, or was left unfinished. Nothing was changed by this one. */
export class RotationPendingError extends KeysmithError {
  override readonly name = "RotationPendingError";
  override readonly kind = "rotation-pending";
  /** The key that the other rotation made. Undefined where it runs in this process, or a journal holds it. */
  readonly sibling: ApiKey | undefined;

  constructor(message: string, details: ErrorDetails & { sibling?: ApiKey | undefined }) {
    super(message, details);
    this.sibling = details.sibling;
  }
}
