import type { ProviderName } from "../../key.js";
import { done } from "../caller.js";
import { enter, orUndone, type Created } from "../context.js";
import { authenticated } from "../propagation.js";

/** Sees that the new key works, as the caller says or by asking the provider. */
export async function verify<P extends ProviderName>(created: Created<P>): Promise<void> {
  const { copy, fresh, secret, successor, options, leftMs, secrets } = created;
  const { verify: use, signal } = options;
  await enter(created, "verify");
  await orUndone(created, "verify", async () => {
    if (use) await done({ name: "verify", ms: leftMs(), signal, secrets }, () => use(secret, successor));
    else await authenticated(copy, fresh, signal);
    signal?.throwIfAborted();
  });
}
