/** Reads the old key, and looks it over: whether it can be rotated, and whether an earlier rotation of it is pending. */
import { durationMs } from "../../go-duration.js";
import type { ApiKey } from "../../key.js";
import { textOf, type Attempt, type Begun, type Made } from "../attempt.js";
import { RotationError } from "../errors.js";
import type { RotatingProvider } from "../providers.js";
import { HOUR_MS, isYounger, siblingsIn } from "../siblings.js";
import { fingerprint } from "../trace.js";

type Read<P extends RotatingProvider> = Begun<P> & { siblings: ApiKey<P>[] };

export async function read<P extends RotatingProvider>(attempt: Attempt<P>): Promise<Read<P>> {
  const { adapter, keys, provider, id, overrides, options } = attempt;
  const { retire, signal } = options;
  const began = Date.now();
  if (typeof retire === "object" && durationMs(retire.later) === undefined) {
    throw attempt.stopped('retire.later must be a duration such as "24h" or "7d".');
  }
  if (retire === "disable" && !adapter.disable) {
    throw attempt.stopped(`${provider} cannot disable keys. Retire by "revoke".`);
  }
  try {
    const old = await adapter.get(keys, id, { signal });
    if (!old) throw attempt.stopped("there is no such key.");
    const begun = Object.assign(attempt, { began, old, mark: fingerprint(provider, old.id) });
    await begun.enter("read");
    if (old.disabled) {
      throw begun.stopped("it is disabled, and its successor would not be. Enable it, or create a new one.");
    }
    const leftMs = Date.parse(old.expiresAt ?? "") - began;
    if (leftMs < HOUR_MS && !("expiresIn" in overrides) && !("expiresAt" in overrides)) {
      throw begun.stopped(`it expires at ${old.expiresAt ?? ""}, and so would its successor. Override the expiry.`);
    }
    const refusal = await adapter.refusal(keys, old, overrides, { signal });
    if (refusal !== undefined) throw begun.stopped(`${refusal}.`);
    return Object.assign(begun, { siblings: siblingsIn(await begun.listed({ signal }), begun.mark) });
  } catch (cause) {
    if (cause instanceof RotationError) throw cause;
    throw attempt.stopped(`${textOf(cause)} Nothing was changed.`, { cause });
  }
}

/**
 * A live sibling is a rotation that began before. Of those that are old enough the store knows what became: gives the
 * one that is to be finished, if any, and undoes the others.
 */
export async function unfinished<P extends RotatingProvider>(attempt: Read<P>): Promise<Made<P> | undefined> {
  const { adapter, keys, provider, id, siblings, options } = attempt;
  const { held, minAgeMs = HOUR_MS } = options;
  const [sibling] = siblings;
  if (!sibling) return undefined;
  if (!held || siblings.some((key) => isYounger(key, minAgeMs))) {
    const advice = held ? "Wait for it, or run again" : "Give `held`, and run again";
    const problem = `another rotation has made ${sibling.id} and not ended. ${advice} when it is an hour old.`;
    throw attempt.pending(`${provider} rotate ${id}: ${problem}`, { sibling });
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
      attempt.settled = false;
      const problem = "the store holds neither the key nor what an earlier rotation made of it.";
      const advice = "Nothing was revoked. Find out what it holds.";
      throw attempt.stopped(`${problem} ${advice}`, { successor: sibling, valid });
    }
    // The store holds another key of this chain, so nobody holds these.
    for (const key of stale) await adapter.revoke(keys, key.id, {});
  } catch (cause) {
    if (cause instanceof RotationError) throw cause;
    throw attempt.stopped(`${textOf(cause)} What an earlier rotation left may be there still.`, { cause, valid });
  }
  // The store holds this one: what fails from here on leaves two keys.
  return successor && Object.assign(attempt, { successor, settled: false });
}
