import type { ApiKey, ProviderName } from "../key.js";
import { pending, stopped, textOf, type Succeeded } from "./context.js";
import { RotationError } from "./errors.js";
import { HOUR_MS, isYounger } from "./siblings.js";
import { lookedAt } from "./stored.js";
import type { Read } from "./steps/read.js";

/**
 * A live sibling is a rotation that began before. Of those that are old enough the store knows what became: gives the
 * one that is to be finished, if any, and undoes the others.
 */
export async function unfinished<P extends ProviderName>(read: Read<P>): Promise<Succeeded<P> | undefined> {
  const { keys, provider, id, siblings, options, serverNow } = read;
  const { held, read: readStore, minAgeMs = HOUR_MS, signal } = options;
  const askable = held ?? readStore;
  const [sibling] = siblings;
  if (!sibling) return undefined;
  const now = serverNow();
  if (!askable || siblings.some((key) => isYounger(key, minAgeMs, now))) {
    const advice = askable ? "Wait for it, or run again" : "Give `read` or `held`, and run again";
    const when =
      now === undefined
        ? "Its age cannot be told: the answers have no Date header."
        : `${advice} when it is an hour old.`;
    const problem = `another rotation has made ${sibling.id} and not ended. ${when}`;
    throw pending(read, `${provider} rotate ${id}: ${problem}`, { sibling });
  }
  const valid = [id, ...siblings.map((key) => key.id)];
  const stale: ApiKey<P>[] = [];
  let successor: ApiKey<P> | undefined;
  try {
    const holds = await lookedAt(read, read.all, signal);
    for (const key of siblings) {
      const answer = await holds?.(key.id);
      if (answer === true) successor = key;
      else if (answer === false) stale.push(key);
      else throw new Error(`Nobody can tell whether the store holds ${key.id}.`);
    }
    if (!successor && (await holds?.(id)) !== true) {
      const problem = "the store holds neither the key nor what an earlier rotation made of it.";
      const advice = "Nothing was revoked. Find out what it holds.";
      throw stopped(read, "read", `${problem} ${advice}`, { successor: sibling, valid });
    }
    // The store holds another key of this chain, so nobody holds these.
    for (const key of stale) await keys.revoke(key.id);
  } catch (cause) {
    if (cause instanceof RotationError) throw cause;
    const problem = `${textOf(cause)} What an earlier rotation left may be there still.`;
    throw stopped(read, "read", problem, { cause, valid });
  }
  return successor && { ...read, successor };
}
