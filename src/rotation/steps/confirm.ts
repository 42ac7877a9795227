/** Confirms that the new key is live, held and alone; then retires the old one. */
import { isKeysmithError } from "../../http/errors.js";
import type { Made } from "../attempt.js";
import { authenticated } from "../propagation.js";
import type { RotatingProvider } from "../providers.js";
import type { Rotation } from "../rotate.js";
import { lists, siblingsIn, workspaceOf } from "../siblings.js";
import { retiredName } from "../trace.js";

export async function confirm<P extends RotatingProvider>(attempt: Made<P>): Promise<void> {
  const { adapter, old, successor, fresh, mark, options } = attempt;
  await attempt.enter("confirm");
  let valid = [old.id, successor.id];
  try {
    const all = await attempt.listed();
    valid = [old, successor].filter((key) => lists(all, key)).map(({ id }) => id);
    const problem =
      (!lists(all, successor) && "the new key is not listed as live") ||
      (!lists(all, old) && "another rotation has retired the old key") ||
      (siblingsIn(all, mark).some((key) => key.id !== successor.id) && "another rotation has made a key, too") ||
      (options.held && !(await options.held(successor.id)) && "the store no longer holds the new key");
    if (problem) throw new Error(`${problem}.`);
    if (fresh && !options.verify) await authenticated(() => adapter.authenticate(fresh, {}));
  } catch (cause) {
    const advice = "Nothing was retired. Look which key the store holds, and revoke the other.";
    throw attempt.stopped(`${attempt.said(cause)} ${advice}`, { cause, successor, valid });
  }
}

export async function retire<P extends RotatingProvider>(attempt: Made<P>): Promise<Rotation<P>> {
  const { adapter, keys, old, successor, fresh, options } = attempt;
  const { retire: how = "revoke" } = options;
  await attempt.enter("retire");
  try {
    if (how === "revoke") await revoked(attempt);
    if (how === "disable") await adapter.disable?.(keys, old.id, retiredName(old.name), {});
  } catch (cause) {
    const advice = "The store holds the new key; the old one may be valid still. Revoke it.";
    throw attempt.stopped(`${attempt.said(cause)} ${advice}`, { cause, successor });
  }
  attempt.settled = true;
  const left = typeof how === "object" || how === "keep";
  const made = { ...successor };
  if (!left && (await cleaned(attempt))) delete made.trace;
  return {
    old,
    new: made,
    retired: how === "revoke" ? "revoked" : how === "disable" ? "disabled" : how === "keep" ? "kept" : "later",
    healed: fresh === undefined,
  };
}

/** Revokes the old key, even where it is the credential in use and the answer to its revocation was lost. */
async function revoked<P extends RotatingProvider>({ adapter, keys, old, fresh }: Made<P>): Promise<void> {
  try {
    await adapter.revoke(keys, old.id, {});
  } catch (error) {
    if (!fresh || !isKeysmithError(error) || error.kind !== "authentication") throw error;
    const still = (await adapter.list(fresh, workspaceOf(old), {}).toArray()).some((key) => key.id === old.id);
    if (still) await adapter.revoke(fresh, old.id, {});
  }
}

/** Takes the mark off the new key's name. That it stays is no failure of the rotation. */
async function cleaned<P extends RotatingProvider>({ adapter, keys, successor, fresh }: Made<P>): Promise<boolean> {
  const { id, name, trace } = successor;
  if (trace === undefined || !adapter.rename) return false;
  for (const through of fresh ? [keys, fresh] : [keys]) {
    try {
      await adapter.rename(through, id, name, {});
      return true;
    } catch {
      // The credential may have been the old key, which is gone: the new one can do it.
    }
  }
  return false;
}
