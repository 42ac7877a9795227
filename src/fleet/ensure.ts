/** One customer's key: made where there is none, and what was left of earlier attempts settled. */
import type { Providers } from "../../generated/index.js";
import type { ApiKey, ProviderName } from "../key.js";
import { isChangeable } from "../keys.js";
import { done } from "../rotation/caller.js";
import { NotStoredError } from "../rotation/errors.js";
import { HandedOver } from "../rotation/stored.js";
import { gone } from "../rotation/retirement.js";
import { fingerprint, newTrace, traced } from "../rotation/trace.js";
import type { Lease } from "./customers.js";
import { heldBy, InDoubtError, keyOf, revokeLost, revokeOthers, type Place } from "./place.js";

/**
 * The key that the store holds of a customer, made where it holds none. Gives undefined where the store took another key
 * meanwhile, so that the lease has to be taken anew.
 */
export async function ensured<P extends ProviderName>(
  place: Place<P>,
  lease: Lease,
  input: Providers[P]["input"],
): Promise<ApiKey<P> | undefined> {
  const { customer, attempts } = lease;
  const held = await heldBy(place, lease);
  await revokeLost(
    place,
    attempts.flatMap(({ id, nonce }) => (id === undefined ? nonce : [])),
  );
  if (held === undefined) return made(place, lease, input);
  const key = await keyOf(place, held);
  if (!key || key.disabled) {
    const problem = key ? "disabled: enable it at the provider, and it may stay" : "gone at the provider";
    // What a store forgets by no `remove` is the caller's to take out of it.
    const kept = place.store.read && !place.store.remove ? " Its store has no `remove`: take it out there, too." : "";
    throw new InDoubtError(customer, `The key ${held} of ${customer} is ${problem}.${kept}`, "remove");
  }
  // What a rotation has left is for a worker to finish: whoever made it may still store it in the place of this key.
  if (lease.keyId !== undefined) await (attempts.length > 0 ? lease.leave() : lease.assure());
  else {
    await lease.note();
    await revokeOthers(place, lease, held);
    await lease.close(held);
  }
  return key;
}

async function made<P extends ProviderName>(
  place: Place<P>,
  lease: Lease,
  input: Providers[P]["input"],
): Promise<ApiKey<P> | undefined> {
  const { keys, copy, store, signal } = place;
  const { customer } = lease;
  const { name = customer } = input as { name?: string };
  // Whoever sweeps tells by its mark that it was made by a machine; there is no key that it replaces.
  const { nonce, ...trace } = newTrace(fingerprint(keys.provider, `keysmith fleet ${customer}`), Date.now());
  await lease.note({ nonce });
  const { secret, ...rest } = await keys.create({ ...input, name: traced(name, { nonce, ...trace }) }, { signal });
  // TypeScript does not see that without its secret it is the key.
  const key = rest as unknown as ApiKey<P>;
  try {
    await lease.note({ nonce, id: key.id, stored: true });
  } catch (error) {
    await gone(keys.revoke(key.id));
    throw error;
  }
  const handed = new HandedOver(secret.reveal());
  try {
    await done({ name: "store.write", ms: Infinity, secrets: [secret.reveal()] }, () =>
      store.write(customer, handed, key, { replaces: undefined }),
    );
  } catch (error) {
    // A store that may have written is looked at by whoever comes next.
    if (!(error instanceof Error && error.name === NotStoredError.name)) throw error;
    await gone(keys.revoke(key.id));
    await lease.forget(nonce);
    await lease.leave();
    return undefined;
  }
  if (!handed.revealed) {
    await gone(keys.revoke(key.id));
    throw new Error(
      `The store never asked for the plaintext of ${customer}'s key (\`reveal()\`). Nobody has it: it was revoked.`,
    );
  }
  // Only now: whoever made them might have stored one until the store held this one.
  await revokeOthers(place, lease, key.id);
  if (copy.renamed && isChangeable(keys)) await keys.update(key.id, copy.renamed(name)).catch(() => undefined);
  await lease.close(key.id);
  return key;
}
