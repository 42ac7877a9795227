import type { ApiKey, ProviderName } from "../../key.js";
import { isReadable } from "../../keys.js";
import { enter, listed, readById, said, stopped, type Succeeded } from "../context.js";
import { authenticated, eventually } from "../propagation.js";
import { lookedAt } from "../stored.js";
import { lists, siblingsIn } from "../siblings.js";

/** Confirms that the new key is live, held and alone; else nothing is retired. */
export async function confirm<P extends ProviderName>(succeeded: Succeeded<P>): Promise<void> {
  const { copy, old, successor, fresh, predecessor, options, serverNow, leased } = succeeded;
  await enter(succeeded, "confirm");
  let valid = [old.id, successor.id];
  try {
    const all = leased && isReadable(succeeded.keys) ? [old, ...(await asItIs(succeeded))] : await listed(succeeded);
    valid = [old, successor].filter((key) => lists(all, key)).map(({ id }) => id);
    const holds = await lookedAt(succeeded, all);
    const problem =
      (!lists(all, successor) && "the new key is not listed as live") ||
      (!lists(all, old) && "another rotation has retired the old key") ||
      (!leased &&
        siblingsIn(all, predecessor, serverNow()).some((key) => key.id !== successor.id) &&
        "another rotation has made a key, too") ||
      (holds && (await holds(successor.id)) !== true && "the store no longer holds the new key");
    if (problem) throw new Error(`${problem}.`);
    // Under a lease it was seen to authenticate, and to be live.
    if (fresh && !options.verify && !leased) await authenticated(copy, fresh);
  } catch (cause) {
    const advice = "Nothing was retired. Look which key the store holds, and revoke the other.";
    throw stopped(succeeded, "confirm", `${said(succeeded, cause)} ${advice}`, { cause, successor, valid });
  }
}

/** The new key, read by its id: nothing where there is none. A new one may not be known everywhere yet. */
async function asItIs<P extends ProviderName>({ keys, successor }: Succeeded<P>): Promise<ApiKey<P>[]> {
  let found: ApiKey<P> | undefined;
  await eventually(async (last) => {
    found = await readById(keys, successor.id, {});
    return last || found !== undefined;
  });
  return found ? [found] : [];
}
