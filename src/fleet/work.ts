/** The work on what is queued: rotations, each under the lease of its customer. */
import { setMaxListeners } from "node:events";
import { isKeysmithError } from "../http/errors.js";
import { sleep } from "../http/timers.js";
import type { ProviderName } from "../key.js";
import { isGone, textOf } from "../rotation/context.js";
import { EntryLostError, RotationError } from "../rotation/errors.js";
import type { Journal, RotateOptions } from "../rotation/options.js";
import { askedThrough, rotateWith } from "../rotation/rotate.js";
import type { Customers, Lease } from "./customers.js";
import type { Job, Queue } from "./jobs.js";
import { heldBy, InDoubtError, keyOf, revokeLost, type Place } from "./place.js";

/** What is done with each customer beyond what `rotate` does by itself. */
export type Rotating<P extends ProviderName> = Pick<RotateOptions<P>, "overrides" | "prepare" | "verify">;

export interface WorkOptions {
  /** How many customers are in work at once, on this machine. 4 unless given. */
  concurrency?: number | undefined;
  /** Ends the work: no customer is begun any more, and those in work are finished or undone. */
  signal?: AbortSignal | undefined;
  /** After how many failures in all no customer is begun any more on this machine. 100 unless given. */
  maxFailures?: number | undefined;
  /** How often in a row a customer may fail until a person has to look. 5 unless given. */
  maxAttempts?: number | undefined;
  /** Told of each customer as it is done or has failed: for progress and metrics. What it throws is ignored. */
  onEvent?: ((event: FleetEvent) => unknown) | undefined;
}

/** `durationMs`: how long it was in work. */
export type FleetEvent =
  | { type: "rotated" | "healed"; customer: string; durationMs: number }
  | {
      type: "failed";
      customer: string;
      durationMs: number;
      problem: string;
      /** Whether it is tried again. */
      again: boolean;
    };

export interface WorkDone {
  rotated: number;
  /** How many had been begun before, and were only finished. */
  healed: number;
  /** How many failures there were; most of them were tried again. */
  failed: number;
  /**
   * Why the work ended: nothing was left, the signal said so, there were as many failures as were allowed, or the provider refused
   * the credential, which it would for every other customer, too.
   */
  ended: "empty" | "aborted" | "failures" | "refused";
  /**
   * Why keys whose create was never answered could not be looked for, once nothing was left; the next `work` looks again.
   * Undefined where they were.
   */
  problem?: string;
}

export interface Opened<P extends ProviderName> {
  readonly queue: Queue;
  readonly customers: Customers;
  readonly place: Place<P>;
  readonly rotating: Rotating<P>;
  readonly leaseMs: number;
}

/** @throws RangeError where a bound is no number, as of a variable that is not set: nothing would be done, or nothing bounded */
export function checkBounds({ concurrency, maxFailures, maxAttempts }: WorkOptions): void {
  for (const [name, bound] of Object.entries({ concurrency, maxFailures, maxAttempts })) {
    if (Number.isNaN(bound)) throw new RangeError(`${name} is NaN. Give a number, or leave it out.`);
  }
}

const PAUSE_MS = 200;
/** How often it is looked whether the work goes on again. */
const PAUSED_MS = 1_000;

export async function work<P extends ProviderName>(
  opened: Opened<P>,
  lateMs: number,
  { concurrency = 4, signal: given, maxFailures = 100, maxAttempts = 5, onEvent }: WorkOptions,
): Promise<WorkDone> {
  // Each lane listens to it while it waits, and Node warns of more than ten as of a leak.
  const signal = given && AbortSignal.any([given]);
  if (signal) setMaxListeners(0, signal);
  const { queue, customers } = opened;
  const done: WorkDone = { rotated: 0, healed: 0, failed: 0, ended: "empty" };
  const tell = (event: FleetEvent) => {
    // Whoever looks on stops no work, be it by throwing or by rejecting.
    new Promise((resolve) => resolve(onEvent?.(event))).catch(() => undefined);
  };
  const wait = (ms: number) => sleep(ms, signal).catch(() => undefined);

  const atWork = new Set<string>();
  const one = async (job: Job) => {
    const { customer, keyId } = job;
    // A slow rotation, whose lease and job have run out, still goes on here: a second one would be refused.
    if (atWork.has(customer)) return job.again("this process is still at work on it.");
    atWork.add(customer);
    const began = performance.now();
    const took = () => performance.now() - began;
    try {
      const type = await rotated({ ...opened, place: { ...opened.place, signal } }, job);
      if (type === "busy") await job.again("another worker has the customer.");
      else {
        await job.done();
        done[type]++;
        tell({ type, customer, durationMs: took() });
      }
    } catch (error) {
      const problem = storable(textOf(error));
      const isInDoubt = error instanceof InDoubtError;
      if (isLost(error)) await job.again(problem);
      else if (signal?.aborted && !isInDoubt) {
        // What the signal has undone is no failure.
        await customers.setWhile(customer, keyId, "waiting");
        await job.again(problem);
      } else if (isRefused(error)) {
        done.failed++;
        done.ended = "refused";
        await customers.setWhile(customer, keyId, "waiting", problem);
        await job.again(problem);
        tell({ type: "failed", customer, durationMs: took(), problem, again: true });
      } else {
        done.failed++;
        const again = !isInDoubt && (await customers.failed(customer, keyId, problem)) < maxAttempts;
        if (!again) await customers.setWhile(customer, keyId, isInDoubt ? "doubt" : "failed", problem);
        await (again ? job.again(problem) : job.done());
        tell({ type: "failed", customer, durationMs: took(), problem, again });
      }
    } finally {
      atWork.delete(customer);
    }
  };
  // What the database refuses ends the work, once what others have in work is finished.
  const refused: unknown[] = [];
  const lane = async () => {
    while (refused.length === 0) {
      if (signal?.aborted) return void (done.ended = "aborted");
      if (done.ended === "refused") return;
      if (done.failed >= maxFailures) return void (done.ended = "failures");
      if (await customers.isPaused()) {
        await wait(PAUSED_MS);
        continue;
      }
      const job = await queue.next();
      if (job) await one(job);
      else if (await queue.isEmpty()) return;
      else await wait(PAUSE_MS);
    }
  };
  const lanes = Array.from({ length: Math.max(1, concurrency) }, lane);
  await Promise.all(lanes.map((ended) => ended.catch((error: unknown) => refused.push(error))));
  if (refused.length > 0) throw refused[0];
  if (done.ended === "empty") {
    try {
      await settleLost({ ...opened.place, signal }, customers, lateMs);
    } catch (error) {
      if (signal?.aborted) done.ended = "aborted";
      else done.problem = textOf(error);
    }
  }
  return done;
}

/** Rotates a customer's key, or finishes what another worker has begun. `busy`: another worker has it. */
async function rotated<P extends ProviderName>(
  opened: Opened<P>,
  { customer, keyId: queued }: Pick<Job, "customer" | "keyId">,
): Promise<"rotated" | "healed" | "busy"> {
  const { customers, place } = opened;
  const lease = await customers.lease(customer);
  if (lease === "taken") return "busy";
  // It was removed, or rotated by another worker.
  if (lease === "unknown") return "healed";
  try {
    if (lease.keyId !== queued) return "healed";
    await lease.begin();
    const held = await heldBy(place, lease);
    return (await rotatedFrom(opened, lease, queued, held)) ? "healed" : "rotated";
  } catch (error) {
    // Where another worker has taken the customer over, what went wrong here is of no account.
    await lease.note();
    const [last] = lease.attempts.slice(-1);
    // It was undone, and says so.
    const isUndone = error instanceof RotationError && error.successor === undefined && last?.id !== undefined;
    if (isUndone && error.step !== "read") await lease.forget(last.nonce);
    throw error;
  } finally {
    await lease.leave().catch(() => undefined);
  }
}

/** @returns whether it had been begun before, and was only finished */
async function rotatedFrom<P extends ProviderName>(
  { place, rotating, leaseMs }: Opened<P>,
  lease: Lease,
  id: string,
  before: string | undefined,
): Promise<boolean> {
  const { keys, store, signal } = place;
  const { customer, attempts } = lease;
  // By the row's key it is known which rotation is to be finished; the store may hold its successor.
  let held = before;
  const journal: Journal = {
    exclusive: true,
    open: () => Promise.resolve({ earlier: attempts.flatMap((attempt) => attempt.id ?? []) }),
    note: ({ step, nonce, successor }) => {
      if (nonce !== undefined && successor === undefined) return lease.note({ nonce });
      if (successor === undefined) return lease.note();
      const known = attempts.find((attempt) => attempt.id === successor) ?? attempts.at(-1);
      return lease.note(known && { ...known, id: successor, ...(step === "store" && { stored: true }) });
    },
    // Below, where it may take as long as the database needs.
    close: () => Promise.resolve(),
  };
  try {
    const done = await rotateWith(await askedThrough(keys), id, {
      ...rotating,
      journal,
      signal,
      deadlineMs: 10 * leaseMs,
      store: async (secret, key) => {
        await store.write(customer, secret, key, { replaces: id });
        held = key.id;
      },
      held: async (one) => {
        if (store.read) held = await store.read(customer);
        return held === one;
      },
    });
    await lease.close(done.new.id);
    return done.healed;
  } catch (error) {
    // All that was left to do was to close the row.
    const isOver = isGone(error) && before !== undefined && before !== id && (await keyOf(place, before));
    if (!isOver) throw error;
    await lease.close(before);
    return true;
  }
}

/** What PostgreSQL can store of a text: no character 0, and in JSON no half of a pair of surrogates, as where a text was cut. */
function storable(text: string): string {
  return text.replaceAll(/[\0\p{Surrogate}]/gu, "\ufffd");
}

/** Whether it was found that another worker has the customer. */
function isLost(error: unknown): boolean {
  return causes(error).some(({ name }) => name === EntryLostError.name);
}

/** Whether the provider took the credential for none of its own. Of a new key that does not work yet, it may say the same. */
function isRefused(error: unknown): boolean {
  if (error instanceof RotationError && ["prepare", "verify", "store"].includes(error.step)) return false;
  return causes(error).some((cause) => isKeysmithError(cause) && cause.kind === "authentication");
}

/** The error itself first. */
function causes(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}

/** Revokes what came of creates without an answer, once it must have appeared. Gives how many keys that were. */
export async function settleLost<P extends ProviderName>(
  place: Place<P>,
  customers: Customers,
  lateMs: number,
): Promise<number> {
  const nonces = (await customers.lost(lateMs)).map(({ nonce }) => nonce);
  const found = await revokeLost(place, nonces);
  await customers.settled(nonces);
  return found.length;
}
