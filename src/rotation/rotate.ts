import { BadRequestError } from "../http/errors.js";
import { failure } from "../http/failure.js";
import type { ApiKey } from "../key.js";
import type { Secret } from "../secret.js";
import { Attempt, quietly, textOf } from "./attempt.js";
import { claim } from "./steps/claim.js";
import { create } from "./steps/create.js";
import type { RotationStep } from "./errors.js";
import { confirm, retire } from "./steps/confirm.js";
import { looksLikePlaintext } from "./plaintext.js";
import type { CreateInputs, RotatingKeys, RotatingProvider } from "./providers.js";
import { read, unfinished } from "./steps/read.js";
import { prepare, store, verify } from "./steps/store.js";

/**
 * What becomes of the old key once the new one is confirmed. `revoke`: it is revoked. `disable`: it is switched off, its
 * name marked as retired; OpenRouter alone. `{ later: "24h" }`: it lives, for `retireDue()` to retire; the time is checked
 * to be one above zero, and that sweep's own `after` counts. `keep`: it lives.
 *
 * Where it lives, the new key's name keeps its mark: a later `retireDue()` retires the old key, `keep` or not, and
 * rotating the old key again finds that rotation unfinished. Only `trace: false`, which makes no mark, keeps it for good.
 */
export type Retirement = "revoke" | "disable" | { later: string } | "keep";

/** Remembers rotations that have begun and not ended, for those who have a store with a lock. Never told a secret. */
export interface Journal {
  /** Durable before it resolves. Rejects while the same key is open. `startedAt`: ISO 8601, by this process's clock. */
  open(entry: { provider: string; id: string; startedAt: string }): Promise<void>;
  /** Durable before it resolves. `successor`: the id of the new key, once there is one. */
  note(entry: { provider: string; id: string; step: RotationStep; successor?: string }): Promise<void>;
  close(entry: { provider: string; id: string }): Promise<void>;
}

export interface RotateOptions<P extends RotatingProvider> {
  /**
   * Stores the new key where it is used from. Durable before it resolves: it is the moment from which the new key counts.
   * Throws a `NotStoredError` where it certainly wrote nothing; any other failure means that it may have.
   */
  store: (secret: Secret, key: ApiKey<P>) => unknown;
  /**
   * Whether the store holds the key of this id, now; not false while a write that failed may still land. With it, what a
   * crash left unfinished heals when run again.
   */
  held?: ((id: string) => boolean | Promise<boolean>) | undefined;
  /** Grants the new key what a copy does not carry, before it is used: guardrails, roles. */
  prepare?: ((key: ApiKey<P>) => unknown) | undefined;
  /** Uses the new key as its users will. Unless given, it is seen to authenticate. */
  verify?: ((secret: Secret, key: ApiKey<P>) => unknown) | undefined;
  /** What becomes of the old key. `revoke` unless given. */
  retire?: Retirement | undefined;
  /** What the new key has other than the old one. Estuary needs `permissions`, which it does not tell of a key. */
  overrides?: Partial<CreateInputs[P]> | undefined;
  /** How long until the store is begun, in milliseconds; later than that nothing is stored. 600,000 unless given. */
  deadlineMs?: number | undefined;
  /** How old a pending rotation must be to be finished or undone, in milliseconds. 3,600,000 unless given. */
  minAgeMs?: number | undefined;
  /**
   * Notes the rotation while it is under way, and so keeps other processes off the key: where `open` rejects, nothing is
   * sent, and it is a `RotationPendingError`. What `note` and `close` throw is ignored. Once the rotation has ended its
   * entry is closed, unless a key may be left that somebody has to look at. None unless given.
   */
  journal?: Journal | undefined;
  /** Whether the new key's name is marked, so that it is found after a crash. `true` unless given. */
  trace?: boolean | undefined;
  /** Until the store begins, undoes what was done; from then on it is too late, and the rotation finishes. */
  signal?: AbortSignal | undefined;
  /** Told of each step as it begins. */
  onStep?: ((step: RotationStep, keys: { old: ApiKey<P>; new?: ApiKey<P> }) => unknown) | undefined;
}

/** A rotation that succeeded: the store holds the new key. Holds no secret. */
export interface Rotation<P extends RotatingProvider = RotatingProvider> {
  /** As it was when the rotation began. */
  old: ApiKey<P>;
  /** As it was created or, where `healed`, listed; without `trace` where its name was cleaned. */
  new: ApiKey<P>;
  /** What became of the old key, as `retire` asked. */
  retired: "revoked" | "disabled" | "later" | "kept";
  /** Whether it was begun before, and this run only finished it. */
  healed: boolean;
}

// Of one process, the keys in work.
const inWork = new Set<string>();

/**
 * Replaces a key by a new one like it, without a moment in which the caller's store holds none that works, unless the old
 * one expires meanwhile. The store is the commit point: what fails before it is undone; where it may have written and
 * failed, both keys stay; after it, nothing is revoked but the old key, once the new one is seen to be live, held, and
 * alone.
 *
 * @param keys a facade whose credential may list, create and revoke
 * @param id of the key to replace
 * @returns both keys, and what became of the old one; no plaintext, which `store` alone is given
 * @throws RotationError, an abort included, which says at which step, what is valid, and what to do; RotationPendingError
 * where another rotation of the key is under way, or was left unfinished and cannot be judged yet; BadRequestError where
 * `id` is the plaintext of a key.
 */
export async function rotate<P extends RotatingProvider>(
  keys: RotatingKeys[P] & { readonly provider: P },
  id: string,
  options: RotateOptions<P>,
): Promise<Rotation<P>> {
  const { provider } = keys;
  const { journal } = options;
  if (looksLikePlaintext(id)) {
    throw failure(BadRequestError, { provider, id: "rotate" }, "that is the plaintext of a key. Give its id.");
  }
  const attempt = new Attempt(keys, id, options);
  const place = `${provider} ${id}`;
  if (inWork.has(place)) {
    throw attempt.pending(`${provider} rotate: a rotation of ${id} is under way here already. Wait for it to end.`);
  }
  inWork.add(place);
  try {
    await journal?.open({ provider, id, startedAt: new Date().toISOString() }).catch((cause: unknown) => {
      const problem = `the journal lets no rotation of ${id} begin. ${textOf(cause)}`;
      throw attempt.pending(`${provider} rotate: ${problem}`, { cause });
    });
    try {
      return await run(attempt);
    } finally {
      // What leaves doubt behind stays open, for whoever looks. Any other entry that stays only keeps others out.
      if (attempt.settled) await quietly(() => journal?.close({ provider, id }));
    }
  } finally {
    inWork.delete(place);
  }
}

async function run<P extends RotatingProvider>(attempt: Attempt<P>): Promise<Rotation<P>> {
  const begun = await read(attempt);
  const left = await unfinished(begun);
  if (left) {
    await confirm(left);
    return retire(left);
  }
  const made = await create(begun);
  await claim(made);
  await prepare(made);
  await verify(made);
  await store(made);
  await confirm(made);
  return retire(made);
}
