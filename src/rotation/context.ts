/** What the steps of a rotation know, and how each of them begins, stops, and is undone. */
import type { Providers } from "../../generated/index.js";
import type { Copy } from "../copy.js";
import { isKeysmithError } from "../http/errors.js";
import { redact } from "../http/redact.js";
import type { ApiKey, ProviderName } from "../key.js";
import { isReadable, type Keys } from "../keys.js";
import type { CallOptions } from "../options.js";
import type { Secret } from "../secret.js";
import { done, quietly } from "./caller.js";
import { EntryLostError, RotationError, RotationPendingError, type RotationStep } from "./errors.js";
import type { JournalLeft, RotateOptions } from "./options.js";
import type { Lists } from "./lists.js";
import type { Clocked } from "./server-clock.js";
import { traceOf } from "./trace.js";

/** How a provider is asked, which several rotations can share. */
export interface Asked<P extends ProviderName> extends Clocked<P> {
  readonly copy: Copy<P>;
  readonly lists: Lists<P>;
}

/** A rotation from its beginning: what it is asked to do. */
export interface Context<P extends ProviderName> extends Asked<P> {
  readonly provider: P;
  /** Of the key that is to be replaced. */
  readonly id: string;
  readonly options: RotateOptions<P>;
  /** How long until the deadline, in milliseconds, by the clock that is further on; below zero where it has passed. */
  readonly leftMs: () => number;
  /** What an earlier rotation had noted, whose entry of the journal was taken over. */
  readonly left: JournalLeft | undefined;
  /** Whether the journal keeps all others off the key, so that the keys that it knows are all there are. */
  readonly leased: boolean;
  /** Plaintext that was seen so far, which nothing that is said may hold. */
  readonly secrets: Set<string>;
  /** Of the options, without entries whose value is undefined. */
  readonly overrides: Partial<Providers[P]["input"]>;
}

/** A rotation whose old key was read. */
export interface Begun<P extends ProviderName> extends Context<P> {
  readonly old: ApiKey<P>;
  /** The fingerprint of the old key, by which its successors are known. */
  readonly predecessor: string;
}

/** One that knows what earlier rotations have left. */
export interface Judged<P extends ProviderName> extends Begun<P> {
  /**
   * The ids of keys that earlier rotations under the lease have made and not stored. Revoked only once the store holds the
   * new key: until then whoever made them might still wake up and store one.
   */
  readonly stale: readonly string[];
}

/** One whose new key is there, be it that an earlier rotation made it. */
export interface Succeeded<P extends ProviderName> extends Judged<P> {
  readonly successor: ApiKey<P>;
  /** Absent where an earlier rotation made the successor: nobody but the store has its plaintext. */
  readonly secret?: Secret;
  /** The facade with the new key as credential, where this rotation made it. */
  readonly fresh?: Keys<P>;
}

/** One that made its new key itself. */
export interface Created<P extends ProviderName> extends Succeeded<P> {
  readonly secret: Secret;
  readonly fresh: Keys<P>;
}

/** What a rotation knows, as far as it has come. */
export type Known<P extends ProviderName> = Context<P> & Partial<Omit<Created<P>, keyof Context<P>>>;

/**
 * Begins a step: whoever takes notes or looks on is told.
 *
 * @throws RotationError where the journal's entry is another rotation's by now, or, under a lease, where nothing is stored
 * yet and the note cannot be written; what nobody holds yet is undone.
 */
export async function enter<P extends ProviderName>(
  known: Begun<P> & Known<P>,
  step: RotationStep,
  nonce?: string,
): Promise<void> {
  const { provider, id, options, old, successor } = known;
  const more = { ...(nonce && { nonce }), ...(successor && { successor: successor.id }) };
  const isLate = step === "confirm" || step === "retire";
  const failed = await noted(known, isLate, () => options.journal?.note({ provider, id, step, ...more }));
  if (failed) {
    if (successor && !isLate) throw await undone({ ...known, successor }, step, ...failed);
    const [problem, cause] = failed;
    const standing = isLate ? "Nothing was retired. See what that one does." : "Nothing was changed.";
    throw stopped(known, step, `${problem} ${standing}`, { cause, ...(successor && { successor }) });
  }
  await quietly(() => options.onStep?.(step, { old, ...(successor && { new: successor }) }));
}

/** Takes a note. Gives what a rotation that must not go on has to say. */
async function noted<P extends ProviderName>(
  { leased, leftMs, options: { signal }, secrets }: Context<P>,
  isLate: boolean,
  note: () => unknown,
): Promise<[problem: string, cause: unknown] | undefined> {
  // Under a lease it is the journal that knows the new key. Without one, what matters was written when it was opened.
  const isNeeded = leased && !isLate;
  const failed = isNeeded
    ? await done({ name: "journal.note", ms: leftMs(), signal, secrets }, note).then(
        () => undefined,
        (error: unknown) => error,
      )
    : await quietly(note);
  if (failed instanceof Error && failed.name === EntryLostError.name) {
    return ["another rotation has taken over the journal's entry.", failed];
  }
  if (!isNeeded || failed === undefined) return undefined;
  return [signal?.aborted ? textOf(failed) : `the journal could not be written: ${textOf(failed)}`, failed];
}

interface Standing<P extends ProviderName> {
  cause?: unknown;
  /** Where the new key is or may be there. */
  successor?: ApiKey<P> | undefined;
  /** The ids of the keys that are valid: the old one and the successor unless given. */
  valid?: string[];
}

/** The error of a rotation that stopped at a step. */
export function stopped<P extends ProviderName>(
  { provider, id, old }: Known<P>,
  step: RotationStep,
  problem: string,
  { cause, successor, valid }: Standing<P> = {},
): RotationError {
  return new RotationError(`${provider} rotate ${id}: stopped at ${step}: ${problem}`, {
    provider,
    operation: "rotate",
    step,
    key: old,
    successor,
    valid: valid ?? [old, successor].flatMap((key) => key?.id ?? []),
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Revokes the new key, which nothing holds before the store has begun, and gives the error that says so.
 *
 * @param standing what is known of the old key
 */
export async function undone<P extends ProviderName>(
  known: Begun<P> & Pick<Succeeded<P>, "successor">,
  step: RotationStep,
  problem: string,
  cause?: unknown,
  standing = "valid",
): Promise<RotationError> {
  const { keys, old, successor } = known;
  const valid = standing === "valid" ? [old.id] : [];
  try {
    await keys.revoke(successor.id);
  } catch (error) {
    const left = `The new key ${successor.id} could not be revoked (${said(known, error)}) and nobody holds it: revoke it.`;
    return stopped(known, step, `${problem} ${left} The old one is ${standing}.`, {
      cause,
      successor,
      valid: [...valid, successor.id],
    });
  }
  return stopped(known, step, `${problem} The new key was revoked; the old one is ${standing}.`, { cause, valid });
}

/** Does the work of a step; where that fails, the new key is revoked. */
export async function orUndone<P extends ProviderName, T>(
  known: Succeeded<P>,
  step: RotationStep,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw await undone(known, step, said(known, error), error);
  }
}

export function pending(
  { provider }: { provider: ProviderName },
  message: string,
  details: { cause?: unknown; sibling?: ApiKey } = {},
): RotationPendingError {
  return new RotationPendingError(message, { provider, operation: "rotate", ...details });
}

/** Whether an error leaves a new key behind, or the question whether there is one. */
export function leavesDoubt(error: unknown): boolean {
  if (!(error instanceof RotationError)) return false;
  const { cause } = error;
  const unknown = cause instanceof Error && "kind" in cause && cause.kind === "outcome-unknown";
  return error.successor !== undefined || unknown;
}

/** Whether what an earlier rotation left is still to be dealt with: the key is there, and nothing was begun. */
export function leavesEarlier(error: unknown): boolean {
  if (error instanceof RotationPendingError) return true;
  return error instanceof RotationError && error.step === "read" && !isGone(error);
}

/** Whether a rotation found that the key which was to be replaced is not there. */
export function isGone(error: unknown): boolean {
  return error instanceof RotationError && error.step === "read" && isNotFound(error.cause);
}

function isNotFound(error: unknown): boolean {
  return isKeysmithError(error) && error.kind === "not-found";
}

/** The key of this id; undefined where there is none. */
export async function readById<P extends ProviderName>(
  keys: Keys<P>,
  id: string,
  call: CallOptions,
): Promise<ApiKey<P> | undefined> {
  try {
    return isReadable(keys) ? await keys.get(id, call) : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** What was said by others, who may quote the new key. */
export function said({ secrets }: { secrets: Iterable<string> }, error: unknown): string {
  return redact(textOf(error), secrets);
}

/** Wherever keys of this rotation may be: what is overridden may put the new one into another workspace. */
export async function listed<P extends ProviderName>(
  { lists, copy, old, overrides }: Begun<P>,
  look: Parameters<Lists<P>>[1] = {},
): Promise<ApiKey<P>[]> {
  return (await listedIn(lists, copy, copy.workspaces?.(old, overrides) ?? [undefined], look)).all;
}

/** The keys of some workspaces, and all: those, too, of workspaces in which is what these were made to replace. */
export async function listedIn<P extends ProviderName>(
  ask: Lists<P>,
  copy: Copy<P>,
  workspaces: readonly (string | undefined)[],
  look: Parameters<Lists<P>>[1],
): Promise<{ own: ApiKey<P>[]; all: ApiKey<P>[] }> {
  const places = new Set(workspaces);
  const lists = new Map<string | undefined, ApiKey<P>[]>();
  // What is added on the way is walked over as well.
  for (const place of places) {
    const list = await ask(place, look);
    lists.set(place, list);
    for (const workspace of list.flatMap((key) => traceOf(key)?.workspace ?? [])) {
      if (copy.workspaces) places.add(workspace);
    }
  }
  const all = new Map([...lists.values()].flat().map((key) => [key.id, key]));
  return { own: workspaces.flatMap((place) => lists.get(place) ?? []), all: [...all.values()] };
}

export function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : "aborted";
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
