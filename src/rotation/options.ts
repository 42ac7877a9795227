import type { Providers } from "../../generated/index.js";
import type { ApiKey, ProviderName } from "../key.js";
import type { Secret } from "../secret.js";
import type { RotationStep } from "./errors.js";

/**
 * What becomes of the old key once the new one is confirmed. `revoke`: it is revoked. `disable`: it is switched off, its
 * name marked as retired, where a key can be switched off. `{ later: "24h" }`: it lives for that long, by the server's
 * clock, and then `retireDue()` retires it; the new key's name keeps its mark until then. `keep`: it lives, and no sweep
 * retires it.
 *
 * With `trace: false` nothing tells a sweep of the rotation, and what was to be retired later is not.
 */
export type Retirement = "revoke" | "disable" | { later: string } | "keep";

/** What a rotation that was broken off had noted. */
export interface JournalLeft {
  /** Which rotation it was: the mark on its new key holds it. */
  nonce?: string;
  /** The id of the new key. */
  successor?: string;
  /** The ids of new keys that rotations before it had noted, where these were broken off as well. */
  earlier?: readonly string[];
}

/** Remembers rotations that have begun and not ended, for those who have a store with a lock. Never told a secret. */
export interface Journal {
  /**
   * Says that this journal is a lease, so that a rotation looks at the keys that the journal knows and does not walk the
   * list: it sends at most 8 requests, whatever the size of the account. Set it only where
   * - every rotation of these keys, on every machine, goes through this journal, and each key has one store;
   * - `open` gives in `earlier` every successor that was noted since the entry was last closed, not the latest alone;
   * - what takes over a lease that is younger than a rotation may last (`deadlineMs` and `storeTimeoutMs`) has a `store` that
   *   compares and sets: it writes only while it holds the key of the id that is rotated, and else throws a `NotStoredError`.
   *
   * Until `store` begins, a note that cannot be written then stops the rotation. Walked all the same is the list of a
   * provider that gives no key by its id, for a key that still carries the mark of the rotation that made it, and after a
   * create whose answer was lost.
   */
  readonly exclusive?: boolean;
  /**
   * Takes the key for this rotation. Durable before it resolves. Rejects while another rotation has it. Where that one was
   * broken off long enough ago to be judged, takes its entry over, and gives what it had noted: the rotation then finishes or
   * undoes that. `startedAt`: ISO 8601, by this process's clock.
   */
  open(entry: { provider: string; id: string; startedAt: string }): Promise<JournalLeft | undefined>;
  /**
   * Durable before it resolves. `nonce`: of this rotation, before its create. `successor`: the id of the new key, once there
   * is one. Throws an `EntryLostError` where another rotation has taken the entry over: this one then stops.
   */
  note(entry: { provider: string; id: string; step: RotationStep; nonce?: string; successor?: string }): Promise<void>;
  /** The rotation has ended, and left nothing to look at. */
  close(entry: { provider: string; id: string }): Promise<void>;
  /** The rotation has ended and left doubt: the entry stays, for whoever rotates the key next. */
  leave?(entry: { provider: string; id: string }): Promise<void>;
}

/**
 * What a rotation of every key of the provider has to be given: of its input, the `untold` of its words. Nothing where all
 * can be copied, or where it is only known of a provider that it is one.
 */
export type NeededOverrides<P extends ProviderName> = Providers[P] extends {
  input: infer Input;
  untold: infer Name extends PropertyKey;
}
  ? { overrides: { [Each in Name & keyof Input]-?: Exclude<Input[Each], undefined> } }
  : unknown;

export interface RotateOptions<P extends ProviderName> {
  /**
   * Stores the new key where it is used from. Durable before it resolves: it is the moment from which the new key counts.
   * Throws a `NotStoredError` where it certainly wrote nothing; any other failure means that it may have. So does what it
   * gives where that says so itself: `false`, a response of `fetch` that is not ok, the result of a program that failed. One
   * that resolves and never called `reveal()` of its secret stored nothing, and the rotation stops.
   */
  store: (secret: Secret, key: ApiKey<P>) => unknown;
  /**
   * The plaintext that the store holds now; undefined where it holds none. With it, what a crash left unfinished heals when
   * run again: which key it is of is told from the plaintext itself, or by asking the provider with it. At most a minute.
   */
  read?: (() => Promise<string | Secret | undefined> | string | Secret | undefined) | undefined;
  /**
   * For stores that cannot be read back: whether the store holds the key of this id, now. Not asked where `read` is given.
   * An id that is written apart from the secret says nothing of the secret: where a crash came between the two writes, the
   * id may be of a key that the store does not have. Write the secret first. At most a minute.
   */
  held?: ((id: string) => boolean | Promise<boolean>) | undefined;
  /**
   * Grants the new key what a copy does not carry, before it is used: guardrails, roles. Until the deadline. Fails where it
   * throws, or gives what says so itself, as with `store`.
   */
  prepare?: ((key: ApiKey<P>) => unknown) | undefined;
  /**
   * Uses the new key as its users will, until the deadline. Fails where it throws, or gives what says so itself, as with
   * `store`. Unless given, the key is seen to authenticate.
   */
  verify?: ((secret: Secret, key: ApiKey<P>) => unknown) | undefined;
  /** What becomes of the old key. `revoke` unless given. */
  retire?: Retirement | undefined;
  /** What the new key has other than the old one; what its provider does not tell of a key has to be given (`NeededOverrides`). */
  overrides?: Partial<Providers[P]["input"]> | undefined;
  /** How long until the store is begun, in milliseconds; later than that nothing is stored. 600,000 unless given. */
  deadlineMs?: number | undefined;
  /**
   * How long `store` may take, in milliseconds; after that nobody knows what it wrote, and both keys stay. Together with
   * `deadlineMs` below the age at which others judge a rotation (`minAgeMs`). 1,800,000 unless given.
   */
  storeTimeoutMs?: number | undefined;
  /**
   * How long after `store` has failed a write of it may still land, or `read` not show it yet, in milliseconds. With it and
   * `read`, a store that after this time holds what it held before has not stored the new key, which is revoked. Unless given,
   * both keys stay.
   */
  settleMs?: number | undefined;
  /** How old a pending rotation must be to be finished or undone, in milliseconds. 3,600,000 unless given. */
  minAgeMs?: number | undefined;
  /**
   * Notes the rotation while it is under way, and so keeps other processes off the key: where `open` rejects, nothing is
   * sent, and it is a `RotationPendingError`. What `note`, `close` and `leave` throw is ignored, but for an `EntryLostError`
   * and the notes of a journal that is `exclusive`.
   * Once the rotation has ended its entry is closed, or left where a key may be left that somebody has to look at. None
   * unless given.
   */
  journal?: Journal | undefined;
  /**
   * Whether the new key's name is marked, so that it is found after a crash. `true` unless given. With `false`, two rotators
   * are kept apart only by the provider's answer to the second revocation of the old key: where that is no other than to
   * the first, a `journal` is needed.
   */
  trace?: boolean | undefined;
  /** Until the store begins, undoes what was done; from then on it is too late, and the rotation finishes. */
  signal?: AbortSignal | undefined;
  /** Told of each step as it begins. Waited for, but for no more than 5 seconds; what it throws is ignored. */
  onStep?: ((step: RotationStep, keys: { old: ApiKey<P>; new?: ApiKey<P> }) => unknown) | undefined;
}

/** A rotation that succeeded: the store holds the new key. Holds no secret. */
export interface Rotation<P extends ProviderName = ProviderName> {
  /** As it was when the rotation began. */
  old: ApiKey<P>;
  /** As it was created or, where `healed`, listed; without `trace` where its name was cleaned. */
  new: ApiKey<P>;
  /** What became of the old key, as `retire` asked. */
  retired: "revoked" | "disabled" | "later" | "kept";
  /** Whether it was begun before, and this run only finished it. */
  healed: boolean;
}
