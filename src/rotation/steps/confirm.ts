import type { ProviderName } from "../../key.js";
import { enter, listed, said, stopped, type Succeeded } from "../context.js";
import { authenticated } from "../propagation.js";
import { lookedAt } from "../stored.js";
import { lists, siblingsIn } from "../siblings.js";

/** Confirms that the new key is live, held and alone; else nothing is retired. */
export async function confirm<P extends ProviderName>(succeeded: Succeeded<P>): Promise<void> {
  const { copy, old, successor, fresh, predecessor, options, serverNow } = succeeded;
  await enter(succeeded, "confirm");
  let valid = [old.id, successor.id];
  try {
    const all = await listed(succeeded);
    valid = [old, successor].filter((key) => lists(all, key)).map(({ id }) => id);
    const holds = await lookedAt(succeeded, all);
    const problem =
      (!lists(all, successor) && "the new key is not listed as live") ||
      (!lists(all, old) && "another rotation has retired the old key") ||
      (siblingsIn(all, predecessor, serverNow()).some((key) => key.id !== successor.id) &&
        "another rotation has made a key, too") ||
      (holds && (await holds(successor.id)) !== true && "the store no longer holds the new key");
    if (problem) throw new Error(`${problem}.`);
    if (fresh && !options.verify) await authenticated(copy, fresh);
  } catch (cause) {
    const advice = "Nothing was retired. Look which key the store holds, and revoke the other.";
    throw stopped(succeeded, "confirm", `${said(succeeded, cause)} ${advice}`, { cause, successor, valid });
  }
}
