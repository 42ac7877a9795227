import type { ApiKey, ProviderName } from "../key.js";
import { KeysmithError, type ErrorDetails } from "./keysmith-error.js";

/** A key that a create whose outcome is unknown may have made. */
export interface Candidate<P extends ProviderName = ProviderName> {
  key: ApiKey<P>;
  /** Why it may be that key, for people. */
  reason: string;
}

/**
 * A roll was sent and nothing tells whether the key's plaintext was replaced. If it was, the old plaintext is dead and nobody
 * has the new one. It is never sent again by itself: use the old plaintext, and roll again where it is refused. `cause` is
 * what happened.
 */
export class RollOutcomeUnknownError extends KeysmithError {
  override readonly name = "RollOutcomeUnknownError";
  override readonly kind = "roll-outcome-unknown";
}

/**
 * A create was sent and nothing tells whether a key came of it: the answer was lost, late, a 408 or 5xx, or held no key.
 * It is never sent again by itself. A key that was made is an orphan, since nobody has its plaintext: look with
 * `candidates()`, revoke what is yours, and only then create anew. `cause` is what happened.
 */
export class CreateOutcomeUnknownError<P extends ProviderName = ProviderName> extends KeysmithError {
  override readonly name = "CreateOutcomeUnknownError";
  override readonly kind = "outcome-unknown";
  readonly #find: () => Promise<Candidate<P>[]>;

  constructor(message: string, details: ErrorDetails, find: () => Promise<Candidate<P>[]>) {
    super(message, details);
    this.#find = find;
  }

  /**
   * Lists the keys that this create may have made, now; one that the server is still busy with may appear later.
   *
   * @throws whatever `list()` throws.
   */
  candidates(): Promise<Candidate<P>[]> {
    return this.#find();
  }
}
