import type { ApiKey, ProviderName } from "../key.js";
import { pending, stopped, textOf, type Succeeded } from "./context.js";
import { RotationError } from "./errors.js";
import { HOUR_MS, isYounger } from "./siblings.js";
import type { Read } from "./steps/read.js";

/**
 * A live sibling is a rotation that began before. Of those that are old enough the store knows what became: gives the
 * one that is to be finished, if any, and undoes the others.
 */
export async function unfinished<P extends ProviderName>(read: Read<P>): Promise<Succeeded<P> | undefined> {
  const { keys, provider, id, siblings, options, serverNow } = read;
  const { held, minAgeMs = HOUR_MS } = options;
  const [sibling] = siblings;
  if (!sibling) return undefined;
  const now = serverNow();
  if (!held || siblings.some((key) => isYounger(key, minAgeMs, now))) {
    const advice = held ? "Wait for it, or run again" : "Give `held`, and run again";
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
    for (const key of siblings) {
      if (await held(key.id)) successor = key;
      else stale.push(key);
    }
    if (!successor && !(await held(id))) {
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
