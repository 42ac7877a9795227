/**
 * Replaces a key by a new one without a moment in which the caller's store holds none that works.
 *
 * The caller's store is the commit point: until it has resolved, whatever fails is undone; after it, nothing is revoked
 * but the old key, once the new one is seen to be live, held, and alone.
 */
import { durationMs } from "../go-duration.js";
import { isKeysmithError, type KeysmithError } from "../http/errors.js";
import { CreateOutcomeUnknownError } from "../http/outcome-unknown.js";
import { redact } from "../http/redact.js";
import { sleep } from "../http/within.js";
import type { ApiKey, CreatedApiKey } from "../key.js";
import type { Secret } from "../secret.js";
import type { CallOptions } from "../options.js";
import { given } from "../wire.js";
import { NotStoredError, RotationError, RotationPendingError, type RotationStep } from "./errors.js";
import { HOUR_MS, isOlder, isYounger, siblingsIn, workspaceOf } from "./siblings.js";
import { adapterOf, type CreateInputs, type RotatingKeys, type RotatingProvider } from "./providers.js";
import { fingerprint, newTrace, retiredName, traced, traceOf, type Trace } from "./trace.js";

/** What becomes of the old key. `disable` is for OpenRouter alone; `later` is for `retireDue()` to do. */
export type Retirement = "revoke" | "disable" | { later: string } | "keep";

/** Remembers rotations that have begun and not ended, for those who have a store with a lock. Never told a secret. */
export interface Journal {
  /** Durable before it resolves. Rejects while the same key is open. */
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
  journal?: Journal | undefined;
  /** Whether the new key's name is marked, so that it is found after a crash. `true` unless given. */
  trace?: boolean | undefined;
  /** Until the store begins, undoes what was done; from then on it is too late, and the rotation finishes. */
  signal?: AbortSignal | undefined;
  /** Told of each step as it begins. */
  onStep?: ((step: RotationStep, keys: { old: ApiKey<P>; new?: ApiKey<P> }) => unknown) | undefined;
}

export interface Rotation<P extends RotatingProvider = RotatingProvider> {
  old: ApiKey<P>;
  new: ApiKey<P>;
  retired: "revoked" | "disabled" | "later" | "kept";
  /** Whether it was begun before, and this run only finished it. */
  healed: boolean;
}

const DEADLINE_MS = 600_000;
const PROPAGATION_MS = 30_000;

// Of one process, the keys in work.
const inWork = new Set<string>();

/**
 * @param keys a facade whose credential may list, create and revoke
 * @param id of the key to replace
 * @throws RotationError, which says at which step, what is valid, and what to do; RotationPendingError where another
 * rotation of the key is under way.
 */
export async function rotate<P extends RotatingProvider>(
  keys: RotatingKeys[P] & { readonly provider: P },
  id: string,
  options: RotateOptions<P>,
): Promise<Rotation<P>> {
  const { provider } = keys;
  const entry = { provider, id };
  const place = `${provider} ${id}`;
  const pending = (problem: string, cause?: unknown) =>
    new RotationPendingError(`${provider} rotate: ${problem}`, {
      provider,
      operation: "rotate",
      ...(cause === undefined ? {} : { cause }),
    });
  if (inWork.has(place)) throw pending(`a rotation of ${id} is under way here already. Wait for it to end.`);
  inWork.add(place);
  try {
    const startedAt = new Date().toISOString();
    await options.journal?.open({ ...entry, startedAt }).catch((error: unknown) => {
      throw pending(`the journal lets no rotation of ${id} begin. ${textOf(error)}`, error);
    });
    // An entry that stays keeps others out, and changes nothing of what became of the keys.
    const close = () => quietly(() => options.journal?.close(entry));
    try {
      const rotation = await run(keys, id, options);
      await close();
      return rotation;
    } catch (error) {
      // What left no doubt behind is not open; the rest stays in the journal, for whoever looks.
      if (isSettled(error)) await close();
      throw error;
    }
  } finally {
    inWork.delete(place);
  }
}

async function run<P extends RotatingProvider>(
  keys: RotatingKeys[P] & { readonly provider: P },
  id: string,
  options: RotateOptions<P>,
): Promise<Rotation<P>> {
  const { provider } = keys;
  const { held, signal, retire = "revoke", minAgeMs = HOUR_MS } = options;
  // What is undefined is left out, and so as with the old key: it must not take a limit or an expiry away.
  const overrides = Object.fromEntries(given(options.overrides ?? {})) as Partial<CreateInputs[P]>;
  const adapter = adapterOf(provider);
  const began = Date.now();
  let step: RotationStep = "read";
  let plaintext = "";

  /** What was said by others, who may quote the new key. */
  const said = (error: unknown) => (plaintext ? redact(textOf(error), [plaintext]) : textOf(error));
  const stopped = (problem: string, cause?: unknown, { old, successor, valid }: Standing<P> = {}) =>
    new RotationError(`${provider} rotate ${id}: stopped at ${step}: ${problem}`, {
      provider,
      operation: "rotate",
      step,
      key: old,
      successor,
      valid: valid ?? (old ? [old.id] : []),
      ...(cause === undefined ? {} : { cause }),
    });
  const enter = async (next: RotationStep, old: ApiKey<P>, successor?: ApiKey<P>) => {
    step = next;
    // Neither stops a rotation half-way, nor the other; what matters was written when the journal was opened.
    await quietly(() => options.journal?.note({ provider, id, step, ...(successor && { successor: successor.id }) }));
    await quietly(() => options.onStep?.(step, { old, ...(successor && { new: successor }) }));
  };
  /** Until the store has begun nothing holds the new key, so that it can be revoked. */
  const undone = async (problem: string, old: ApiKey<P>, successor: ApiKey<P>, cause?: unknown) => {
    try {
      await adapter.revoke(keys, successor.id, {});
    } catch (error) {
      return stopped(
        `${problem} The new key ${successor.id} could not be revoked (${said(error)}) and nobody holds it: revoke it. The old one is valid.`,
        cause,
        { old, successor, valid: [old.id, successor.id] },
      );
    }
    return stopped(`${problem} The new key was revoked; the old one is valid.`, cause, { old });
  };
  /** Wherever keys of this rotation may be: what is overridden may put the new one into another workspace. */
  const listed = async (like: ApiKey<P>, call: CallOptions = {}): Promise<ApiKey<P>[]> => {
    const { workspaceId = workspaceOf(like) } = overrides as { workspaceId?: string };
    const places = [...new Set([workspaceOf(like), workspaceId])];
    const lists = await Promise.all(places.map((place) => adapter.list(keys, place, call).toArray()));
    return [...new Map(lists.flat().map((key) => [key.id, key])).values()];
  };

  // read
  const retireLaterMs = typeof retire === "object" ? durationMs(retire.later) : 0;
  if (retireLaterMs === undefined) throw stopped('retire.later must be a duration such as "24h" or "7d".');
  if (retire === "disable" && !adapter.disable) throw stopped(`${provider} cannot disable keys. Retire by "revoke".`);
  let old: ApiKey<P> | undefined;
  let mark: string;
  let siblings: ApiKey<P>[];
  try {
    old = await adapter.get(keys, id, { signal });
    if (!old) throw stopped("there is no such key.");
    await enter("read", old);
    if (old.disabled)
      throw stopped("it is disabled, and its successor would not be. Enable it, or create a new one.", undefined, {
        old,
      });
    const leftMs = Date.parse(old.expiresAt ?? "") - began;
    if (leftMs < HOUR_MS && !("expiresIn" in overrides) && !("expiresAt" in overrides)) {
      throw stopped(
        `it expires at ${old.expiresAt ?? ""}, and so would its successor. Override the expiry.`,
        undefined,
        { old },
      );
    }
    const refusal = await adapter.refusal(keys, old, overrides, { signal });
    if (refusal !== undefined) throw stopped(`${refusal}.`, undefined, { old });
    mark = fingerprint(provider, old.id);
    siblings = siblingsIn(await listed(old, { signal }), mark);
  } catch (error) {
    throw error instanceof RotationError ? error : stopped(`${textOf(error)} Nothing was changed.`, error, { old });
  }

  // A live sibling is a rotation that began before. Of those that are old enough the store knows what became.
  if (siblings.length > 0) {
    const left = await leftovers(siblings);
    if (left.finish) return finish(old, left.finish, undefined, true);
  }

  // create
  await enter("create", old);
  const { name = old.name } = overrides as { name?: string };
  const trace = options.trace === false ? undefined : newTrace(mark, Date.now());
  const input = adapter.input(old, trace ? traced(name, trace) : name, overrides, Date.now());
  let created: CreatedApiKey<P>;
  try {
    created = await adapter.create(keys, input, { signal });
  } catch (error) {
    throw isKeysmithError(error) && error.kind === "outcome-unknown"
      ? await lost(old, trace, error)
      : stopped(`${textOf(error)} No key was created; the old one is valid.`, error, { old });
  }
  const { secret, ...made } = created;
  plaintext = secret.reveal();
  if (!made.id) {
    // It could be neither found nor revoked by what came: as good as no answer.
    const doubt = new CreateOutcomeUnknownError(
      `${provider} rotate: the answer to the create lacks the new key's id.`,
      { provider, operation: "rotate" },
      () => Promise.resolve([]),
    );
    throw await lost(old, trace, doubt);
  }
  const successor = made as unknown as ApiKey<P>;
  const fresh = adapter.as(keys, secret);
  const unlike = adapter.differences(successor, input);
  if (unlike.length > 0) {
    throw await undone(`the new key is not as it was asked for (${unlike.join(", ")}).`, old, successor);
  }

  // claim
  await enter("claim", old, successor);
  if (trace) {
    const rival = await claim(old, successor);
    if (rival) throw rival;
  }

  // prepare, verify
  try {
    await enter("prepare", old, successor);
    await options.prepare?.(successor);
    await enter("verify", old, successor);
    await (options.verify ? options.verify(secret, successor) : authenticated(fresh, signal));
    signal?.throwIfAborted();
  } catch (error) {
    throw await undone(said(error), old, successor, error);
  }

  // store
  await enter("store", old, successor);
  if (signal?.aborted) throw await undone(textOf(signal.reason), old, successor, signal.reason);
  if (!(Date.now() - began <= (options.deadlineMs ?? DEADLINE_MS))) {
    throw await undone("the deadline has passed, so nothing is stored any more.", old, successor);
  }
  try {
    await options.store(secret, successor);
  } catch (error) {
    // That it does not hold the new key counts from a store that knows the old one: any other may not be the one.
    const certain = isNotStored(error) || ((await holding(successor.id)) === false && (await holding(old.id)) === true);
    if (certain) throw await undone(`${said(error)} The store does not hold the new key.`, old, successor, error);
    throw stopped(
      `the store failed (${said(error)}) and may hold the new key ${successor.id} all the same. Both keys are valid. ` +
        "Look which one the store holds, and revoke the other.",
      error,
      { old, successor, valid: [old.id, successor.id] },
    );
  }
  return finish(old, successor, fresh, false);

  /** What a lost create left behind is known by its nonce. */
  async function lost(old: ApiKey<P>, trace: Trace | undefined, cause: KeysmithError): Promise<RotationError> {
    const unknown = (why: string) =>
      stopped(`${textOf(cause)} ${why} The old key is valid. Look for orphans before you rotate it again.`, cause, {
        old,
      });
    if (!trace) return unknown("Without a trace the key cannot be told from others.");
    try {
      const orphan = (await listed(old)).find((key) => traceOf(key)?.nonce === trace.nonce);
      if (!orphan) return unknown(`No key of the nonce ${trace.nonce} is listed; it may still appear.`);
      // What became of it is known now: the failure behind the doubt is the cause, not the doubt.
      return await undone("no whole answer to the create came.", old, orphan, cause.cause);
    } catch (error) {
      return unknown(`Looking for it failed, too (${textOf(error)}).`);
    }
  }

  /** Of several rotators that created at once, at most the strictly oldest goes on; the others undo. */
  async function claim(old: ApiKey<P>, own: ApiKey<P>): Promise<Error | undefined> {
    let rivals: ApiKey<P>[];
    try {
      const all = await listedWith(own, old);
      if (!all.some((key) => key.id === old.id && !key.disabled)) {
        return await undone("another rotation has retired the old key meanwhile.", old, own);
      }
      rivals = siblingsIn(all, mark).filter((key) => key.id !== own.id && !isOlder(own, key));
    } catch (error) {
      return undone(said(error), old, own, error);
    }
    const [sibling] = rivals;
    if (!sibling) return undefined;
    const yielded = await undone("another rotation of this key came first.", old, own);
    if (yielded.successor) return yielded;
    return new RotationPendingError(yielded.message, { provider, operation: "rotate", sibling });
  }

  /** What to do about rotations that were begun before: wait, finish one, or undo them. */
  async function leftovers(siblings: ApiKey<P>[]): Promise<{ finish?: ApiKey<P> }> {
    const [sibling] = siblings;
    const young = siblings.some((key) => isYounger(key, minAgeMs));
    if (!held || young) {
      throw new RotationPendingError(
        `${provider} rotate ${id}: another rotation has made ${sibling?.id ?? ""} and not ended. ` +
          (held
            ? "Wait for it, or run again when it is an hour old."
            : "Give `held`, and run again when it is an hour old."),
        { provider, operation: "rotate", sibling },
      );
    }
    const valid = [id, ...siblings.map((key) => key.id)];
    const stale: ApiKey<P>[] = [];
    let finish: ApiKey<P> | undefined;
    try {
      for (const key of siblings) {
        if (await held(key.id)) finish = key;
        else stale.push(key);
      }
      if (!finish && !(await held(id))) {
        throw stopped(
          "the store holds neither the key nor what an earlier rotation made of it. Nothing was revoked. Find out what it holds.",
          undefined,
          { old, successor: sibling, valid },
        );
      }
      // The store holds another key of this chain, so nobody holds these.
      for (const key of stale) await adapter.revoke(keys, key.id, {});
    } catch (error) {
      if (error instanceof RotationError) throw error;
      throw stopped(`${textOf(error)} What an earlier rotation left may be there still.`, error, { old, valid });
    }
    return finish ? { finish } : {};
  }

  /** Confirms that the new key is live, held and alone; then retires the old one. */
  async function finish(
    old: ApiKey<P>,
    successor: ApiKey<P>,
    fresh: RotatingKeys[P] | undefined,
    healed: boolean,
  ): Promise<Rotation<P>> {
    const both = { old, successor, valid: [old.id, successor.id] };
    await enter("confirm", old, successor);
    try {
      const all = await listed(old);
      const problem =
        (!all.some((key) => key.id === successor.id && !key.disabled) && "the new key is not listed as live") ||
        (!all.some((key) => key.id === old.id && !key.disabled) && "another rotation has retired the old key") ||
        (siblingsIn(all, mark).some((key) => key.id !== successor.id) && "another rotation has made a key, too") ||
        (held && !(await held(successor.id)) && "the store no longer holds the new key");
      if (problem) throw new Error(`${problem}.`);
      if (fresh && !options.verify) await authenticated(fresh, undefined);
    } catch (error) {
      throw stopped(
        `${said(error)} Nothing was retired. Look which key the store holds, and revoke the other.`,
        error,
        both,
      );
    }

    await enter("retire", old, successor);
    try {
      if (retire === "revoke") await revoked(old, fresh);
      if (retire === "disable") await adapter.disable?.(keys, old.id, retiredName(old.name), {});
    } catch (error) {
      throw stopped(
        `${said(error)} The store holds the new key; the old one may be valid still. Revoke it.`,
        error,
        both,
      );
    }
    const left = typeof retire === "object" || retire === "keep";
    const clean = !left && (await cleaned(successor, fresh));
    const result = { ...successor };
    if (clean) delete result.trace;
    return {
      old,
      new: result,
      retired:
        retire === "revoke" ? "revoked" : retire === "disable" ? "disabled" : retire === "keep" ? "kept" : "later",
      healed,
    };
  }

  /** Revokes the old key, even where it is the credential in use and the answer to its revocation was lost. */
  async function revoked(old: ApiKey<P>, fresh: RotatingKeys[P] | undefined): Promise<void> {
    try {
      await adapter.revoke(keys, old.id, {});
    } catch (error) {
      if (!fresh || !isKeysmithError(error) || error.kind !== "authentication") throw error;
      const still = (await adapter.list(fresh, workspaceOf(old), {}).toArray()).some((key) => key.id === old.id);
      if (still) await adapter.revoke(fresh, old.id, {});
    }
  }

  /** Takes the mark off the new key's name. That it stays is no failure of the rotation. */
  async function cleaned({ id, name, trace }: ApiKey<P>, fresh: RotatingKeys[P] | undefined): Promise<boolean> {
    if (trace === undefined || !adapter.rename) return false;
    for (const through of fresh ? [keys, fresh] : [keys]) {
      try {
        await adapter.rename(through, id, name, {});
        return true;
      } catch {
        // The credential may have been the old key, which is gone: the new one can do it.
      }
    }
    return false;
  }

  /** That the new key may do nothing here is no failure to authenticate. */
  function authenticated(fresh: RotatingKeys[P], signal: AbortSignal | undefined): Promise<void> {
    return eventually(signal, async (isLast) => {
      try {
        await adapter.authenticate(fresh, { signal });
      } catch (error) {
        const kind = isKeysmithError(error) ? error.kind : undefined;
        if (kind === "authentication" && !isLast) return false;
        if (kind !== "permission") throw error;
      }
      return true;
    });
  }

  /** A list in which the new key is. One that does not show it yet may not show those of other rotators either. */
  async function listedWith(own: ApiKey<P>, old: ApiKey<P>): Promise<ApiKey<P>[]> {
    let all: ApiKey<P>[] = [];
    await eventually(signal, async (isLast) => {
      all = await listed(old, { signal });
      const shown = all.some((key) => key.id === own.id);
      if (!shown && isLast) throw new Error("the new key is not listed.");
      return shown;
    });
    return all;
  }

  /** Whether the store holds a key; undefined where it cannot be asked, or does not say. */
  async function holding(key: string): Promise<boolean | undefined> {
    try {
      return await held?.(key);
    } catch {
      return undefined;
    }
  }
}

/** A new key may take a while to be known everywhere. Tries until the attempt says that it is, or throws. */
async function eventually(
  signal: AbortSignal | undefined,
  attempt: (isLast: boolean) => Promise<boolean>,
): Promise<void> {
  const until = Date.now() + PROPAGATION_MS;
  for (let wait = 500; !(await attempt(Date.now() + wait > until)); wait *= 2) await sleep(wait, signal);
}

interface Standing<P extends RotatingProvider> {
  old?: ApiKey<P> | undefined;
  successor?: ApiKey<P> | undefined;
  valid?: string[];
}

/** Whether nothing is left that somebody would have to look at. */
function isSettled(error: unknown): boolean {
  if (!isKeysmithError(error)) return false;
  const { cause } = error;
  const maybeMade = isKeysmithError(cause) && cause.kind === "outcome-unknown";
  return !maybeMade && !("successor" in error && error.successor !== undefined);
}

/** For those who look on or take notes: what they throw is theirs. */
async function quietly(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch {
    // Nothing depends on it.
  }
}

function isNotStored(error: unknown): boolean {
  return error instanceof Error && error.name === NotStoredError.name;
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : "aborted";
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
