import type { ApiKey, ProviderName } from "../key.js";
import { pending, readById, stopped, textOf } from "./context.js";
import { chainOf, dueAt } from "./chain.js";
import { RotationError, RotationPendingError } from "./errors.js";
import { disable, gone, sparing } from "./retirement.js";
import { HOUR_MS, isLive, isYounger } from "./siblings.js";
import { lookedAt } from "./stored.js";
import type { Read } from "./steps/read.js";
import { traceOf } from "./trace.js";

/** What earlier rotations of a key have left. */
interface Unfinished<P extends ProviderName> {
  /** The new key that the store holds: its rotation is to be finished. */
  stored?: ApiKey<P> | undefined;
  /** The ids of those that it does not hold, and that are still to be revoked. */
  stale: string[];
}

/**
 * A live sibling is a rotation that began before, and so is a successor that the journal has. Of those that are old enough
 * the store knows what became: gives the one that is to be finished, if any, and undoes the others.
 */
export async function unfinished<P extends ProviderName>(read: Read<P>): Promise<Unfinished<P>> {
  // Of what the journal gave, it has judged the age.
  const { provider, id, siblings, options, serverNow, left, leased } = read;
  const { held, read: readStore, minAgeMs = HOUR_MS } = options;
  const askable = held ?? readStore;
  const noted = [left?.successor ?? [], ...(left?.earlier ?? [])].flat();
  const ids = new Set([...siblings.map((key) => key.id), ...(leased ? noted : [])]);
  const [first] = ids;
  if (first === undefined) return { stale: [] };
  const now = serverNow();
  if (!askable || siblings.some((key) => !noted.includes(key.id) && isYounger(key, minAgeMs, now))) {
    const advice = askable ? "Wait for it, or run again" : "Give `read` or `held`, and run again";
    const when =
      now === undefined
        ? "Its age cannot be told: the answers have no Date header."
        : `${advice} when it is an hour old.`;
    const problem = `another rotation has made ${first} and not ended. ${when}`;
    const [sibling] = siblings;
    throw pending(read, `${provider} rotate ${id}: ${problem}`, { ...(sibling && { sibling }) });
  }
  try {
    return await judged(read, ids);
  } catch (cause) {
    if (cause instanceof RotationError || cause instanceof RotationPendingError) throw cause;
    const problem = `${textOf(cause)} What an earlier rotation left may be there still.`;
    throw stopped(read, "read", problem, { cause, valid: [id, ...ids] });
  }
}

/** What the store says of the keys of these ids. Those that it does not hold are revoked, or under a lease left for later. */
async function judged<P extends ProviderName>(read: Read<P>, ids: ReadonlySet<string>): Promise<Unfinished<P>> {
  const { copy, keys, provider, id, siblings, options, serverNow, leased } = read;
  const { retire, signal } = options;
  // Asking by a plaintext tells the key from others only where these are known.
  const unlisted = [...ids].filter((one) => options.read && !siblings.some((key) => key.id === one));
  const known = await Promise.all(unlisted.map((one) => readById(keys, one, { signal })));
  const holds = await lookedAt(read, [...read.all, ...known.flatMap((key) => key ?? [])], signal);
  const stale: string[] = [];
  let stored: ApiKey<P> | undefined;
  let isHeld = false;
  for (const one of ids) {
    const sibling = siblings.find((key) => key.id === one);
    if (isStored(read, one, sibling, await holds?.(one))) {
      isHeld = true;
      // One that is dead by now is no successor: the store is given another one.
      const key = sibling ?? (await readById(keys, one, { signal }));
      if (key && isLive(key, serverNow())) stored = key;
    } else stale.push(one);
  }
  if (!isHeld && (await holds?.(id)) !== true) {
    const problem = "the store holds neither the key nor what an earlier rotation made of it.";
    const advice = "Nothing was revoked. Find out what it holds.";
    throw stopped(read, "read", `${problem} ${advice}`, { successor: siblings[0], valid: [id, ...ids] });
  }
  if (stored && !copy.renamed && sparing(stored, retire) !== undefined) {
    const problem = `the rotation that made ${stored.id}, which the store holds, was to retire it sooner`;
    const advice = `${provider} renames no key, so the sweeps go by that. Retire as that one was to.`;
    throw pending(read, `${provider} rotate ${id}: ${problem}. ${advice}`, { sibling: stored });
  }
  if (leased) return { stored, stale };
  // The store holds another key of this chain, so nobody holds these.
  for (const one of stale) await keys.revoke(one);
  return { stored, stale: [] };
}

/**
 * Whether the store holds what an earlier rotation made.
 *
 * @throws Error where nobody can tell, or another store may hold it
 */
function isStored<P extends ProviderName>(
  { provider, id }: Read<P>,
  one: string,
  key: ApiKey<P> | undefined,
  held: boolean | undefined,
): boolean {
  if (held === undefined) throw new Error(`Nobody can tell whether the store holds ${one}.`);
  if (!held && key && traceOf(key)?.retire === "keep") {
    // It may be another store's: both keys were to live.
    const problem = `a rotation that was to keep the old key has made ${one}, which this store does not hold.`;
    throw pending({ provider }, `${provider} rotate ${id}: ${problem} Revoke it if nobody holds it.`, { sibling: key });
  }
  return held;
}

/**
 * A key that was itself made to replace another one, which lives still, is not rotated before that one is dealt with: it
 * would be forgotten. Retires what should have been, the oldest first, where the store holds the key; else throws.
 *
 * @throws RotationPendingError that names it
 */
export async function predecessors<P extends ProviderName>(read: Read<P>): Promise<Read<P>> {
  const { keys, copy, provider, id, old, all, options, serverNow } = read;
  const { retire, minAgeMs = HOUR_MS, signal } = options;
  const { unretired, waiting } = chainOf(all).unretiredBehind(old, serverNow());
  const [first] = unretired;
  // Where this key is retired later as well, the new one keeps its trace until then, by which the others are found.
  if (!first || (waiting && typeof retire === "object")) return read;
  const refused = (why: string) =>
    pending(read, `${provider} rotate ${id}: it was made to replace ${first.id}, which lives still. ${why}`, {
      sibling: first,
    });
  if (waiting) {
    const until = new Date(dueAt(waiting) ?? 0).toISOString();
    throw refused(`That one is to live until ${until}: run again then, or retire this one later, too.`);
  }
  if (!options.held && !options.read) throw refused("Give `read` or `held`, or revoke what is not in use.");
  if (isYounger(old, minAgeMs, serverNow())) throw refused("Another rotation may be at work on it: run again later.");
  try {
    const holds = await lookedAt(read, all, signal);
    if ((await holds?.(id)) !== true)
      throw refused("The store does not hold the key that is named. Rotate what it holds.");
    for (const key of unretired) {
      if (retire === "disable") await gone(disable(keys, copy, key, signal));
      else await gone(keys.revoke(key.id, { signal }));
    }
  } catch (cause) {
    if (cause instanceof RotationPendingError) throw cause;
    const valid = [...unretired.map((key) => key.id), id];
    throw stopped(read, "read", `${textOf(cause)} What it was made to replace may live still.`, { cause, valid });
  }
  return { ...read, all: all.filter((key) => !unretired.includes(key)) };
}
