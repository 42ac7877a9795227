import type { ProviderName } from "../../key.js";
import { enter, orUndone, type Created } from "../context.js";

/** Lets the caller ready the new key: grant what a copy does not carry. */
export async function prepare<P extends ProviderName>(created: Created<P>): Promise<void> {
  await enter(created, "prepare");
  await orUndone(created, "prepare", () => created.options.prepare?.(created.successor));
}
