/** What is asked of provider and store about a customer's keys. */
import type { Copy } from "../copy.js";
import type { ApiKey, ProviderName } from "../key.js";
import { isReadable, type Keys } from "../keys.js";
import { asked } from "../rotation/caller.js";
import { readById } from "../rotation/context.js";
import { gone } from "../rotation/retirement.js";
import { LOOK_MS } from "../rotation/stored.js";
import { traceOf } from "../rotation/trace.js";
import type { Lease } from "./customers.js";
import type { FleetStore } from "./store.js";

export interface Place<P extends ProviderName> {
  readonly keys: Keys<P>;
  readonly copy: Copy<P>;
  readonly store: FleetStore<P>;
  /** In which keys are looked for, where the provider has such; undefined stands for the default one. */
  readonly workspaces: readonly (string | undefined)[];
  readonly signal: AbortSignal | undefined;
}

/** Nobody can tell which of a customer's keys the store holds, or it holds one that does not work; the message says what to do. */
export class InDoubtError extends Error {
  override readonly name = "InDoubtError";
  /** What ends it, once somebody has looked: telling which key the store holds, or another key in the place of one that is gone. */
  readonly remedy: "settle" | "remove";

  constructor(customer: string, problem: string, remedy: InDoubtError["remedy"] = "settle") {
    const name = JSON.stringify(customer);
    const advice = {
      settle: `Find out which key the store holds, and say so: settle(${name}, { holds: ID }), or { holds: undefined } where it holds none.`,
      remove: `Where the credential is of the right account, make another key: remove(${name}), and ensure again.`,
    };
    super(`${problem} Nothing was revoked. ${advice[remedy]}`);
    this.remedy = remedy;
  }
}

/** The key of this id; undefined where there is none. Walks the list where the provider gives no key by its id. */
export async function keyOf<P extends ProviderName>(place: Place<P>, id: string): Promise<ApiKey<P> | undefined> {
  const { keys, signal } = place;
  if (isReadable(keys)) return readById(keys, id, { signal });
  return (await everyKey(place)).find((key) => key.id === id);
}

async function everyKey<P extends ProviderName>({ keys, copy, workspaces, signal }: Place<P>): Promise<ApiKey<P>[]> {
  const all: ApiKey<P>[] = [];
  for (const workspace of workspaces) all.push(...(await keys.list(copy.everything(workspace), { signal }).toArray()));
  return all;
}

/**
 * The id of the key that the store holds of a customer; undefined where it holds none.
 *
 * @throws InDoubtError where that cannot be told
 */
export async function heldBy<P extends ProviderName>(
  { store, signal }: Pick<Place<P>, "store" | "signal">,
  { customer, keyId, attempts }: Pick<Lease, "customer" | "keyId" | "attempts">,
): Promise<string | undefined> {
  if (store.read) {
    const held = await asked({ name: "store.read", ms: LOOK_MS, signal, secrets: [] }, () => store.read?.(customer));
    if (held !== undefined || keyId === undefined) return held;
    throw new InDoubtError(customer, `The store says that it holds no key of ${customer}, where it held ${keyId}.`);
  }
  const perhaps = attempts.flatMap(({ id, stored }) => (id !== undefined && stored ? id : []));
  if (perhaps.length === 0) return keyId;
  const ids = [keyId ?? "none", ...perhaps].join(" or ");
  throw new InDoubtError(customer, `The store may hold ${ids}, and cannot be read back.`);
}

/** Revokes the keys of creates that no answer came of: nobody has their secrets. Gives the nonces of those that it found. */
export async function revokeLost<P extends ProviderName>(
  place: Place<P>,
  nonces: readonly string[],
): Promise<string[]> {
  if (nonces.length === 0) return [];
  const found = (await everyKey(place)).filter((key) => nonces.includes(traceOf(key)?.nonce ?? ""));
  for (const { id } of found) await gone(place.keys.revoke(id, { signal: place.signal }));
  return found.flatMap((key) => traceOf(key)?.nonce ?? []);
}

/** Revokes all keys that were made under a lease but the one that the store holds. */
export async function revokeOthers<P extends ProviderName>(
  place: Place<P>,
  lease: Lease,
  held: string | undefined,
): Promise<void> {
  for (const { id } of lease.attempts) {
    if (id !== undefined && id !== held) await gone(place.keys.revoke(id, { signal: place.signal }));
  }
}
