import { isKeysmithError } from "../../http/errors.js";
import type { ApiKey, ProviderName } from "../../key.js";
import { isChangeable } from "../../keys.js";
import { enter, said, stopped, type Succeeded } from "../context.js";
import type { Rotation } from "../options.js";
import { disable, gone, sparing } from "../retirement.js";

/** Retires the old key, as the caller says, and takes the trace off the name of the new one. */
export async function retire<P extends ProviderName>(succeeded: Succeeded<P>): Promise<Rotation<P>> {
  const { copy, keys, old, successor, fresh, stale, options } = succeeded;
  const { retire: how = "revoke" } = options;
  await enter(succeeded, "retire");
  const marked = sparing(successor, how);
  try {
    // The rotation that made it was to retire the old key sooner, and the sweeps go by its mark.
    if (marked !== undefined && copy.renamed && isChangeable(keys))
      await keys.update(successor.id, copy.renamed(marked));
    // First: once the old key is gone, nobody rotates it again, and looks at what was left.
    for (const id of stale) await gone(keys.revoke(id));
    if (how === "revoke") await revoke(succeeded);
    if (how === "disable") await disable(keys, copy, old);
  } catch (cause) {
    const what = marked === undefined ? "Revoke it" : "Run again, or the next sweep retires it";
    const advice = `The store holds the new key; the old one may be valid still. ${what}.`;
    throw stopped(succeeded, "retire", `${said(succeeded, cause)} ${advice}`, { cause, successor });
  }
  const made = { ...successor };
  // Its trace is of an earlier rotation. Once the key that shows that this one was kept is gone, sweeps would go by it.
  if (how === "keep") await cleaned(succeeded, old);
  // What is retired later is found by the trace.
  if (typeof how !== "object" && (await cleaned(succeeded, successor))) delete made.trace;
  return {
    old,
    new: made,
    retired: how === "revoke" ? "revoked" : how === "disable" ? "disabled" : how === "keep" ? "kept" : "later",
    healed: fresh === undefined,
  };
}

/** Revokes the old key, even where it is the credential in use and the answer to its revocation was lost. */
async function revoke<P extends ProviderName>({ copy, keys, old, overrides, fresh }: Succeeded<P>): Promise<void> {
  try {
    await keys.revoke(old.id);
  } catch (error) {
    if (!fresh || !isKeysmithError(error) || error.kind !== "authentication") throw error;
    const [workspace] = copy.workspaces?.(old, overrides) ?? [];
    const still = (await fresh.list(copy.everything(workspace)).toArray()).some((key) => key.id === old.id);
    if (still) await fresh.revoke(old.id);
  }
}

/** Takes the trace off a key's name. That it stays is no failure of the rotation. */
async function cleaned<P extends ProviderName>(
  { copy, keys, fresh }: Succeeded<P>,
  { id, name, trace }: ApiKey<P>,
): Promise<boolean> {
  if (trace === undefined || !copy.renamed) return false;
  for (const through of fresh ? [keys, fresh] : [keys]) {
    try {
      if (isChangeable(through)) await through.update(id, copy.renamed(name));
      return true;
    } catch {
      // The credential may have been the old key, which is gone: the new one can do it.
    }
  }
  return false;
}
