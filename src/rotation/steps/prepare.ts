import type { ProviderName } from "../../key.js";
import { done } from "../caller.js";
import { enter, orUndone, type Created } from "../context.js";

/** Lets the caller ready the new key: grant what a copy does not carry. */
export async function prepare<P extends ProviderName>(created: Created<P>): Promise<void> {
  const { successor, options, leftMs, secrets } = created;
  const { prepare: ready, signal } = options;
  await enter(created, "prepare");
  if (!ready) return;
  const call = { name: "prepare", ms: leftMs(), signal, secrets };
  await orUndone(created, "prepare", () => done(call, () => ready(successor)));
}
