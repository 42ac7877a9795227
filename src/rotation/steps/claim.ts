import type { ApiKey, ProviderName } from "../../key.js";
import { enter, listed, orUndone, pending, undone, type Created } from "../context.js";
import { eventually } from "../propagation.js";
import { isOlder, lists, siblingsIn } from "../siblings.js";

/** Of several rotators that created at once, at most the strictly oldest goes on; the others undo. */
export async function claim<P extends ProviderName>(created: Created<P>): Promise<void> {
  const { old, successor, predecessor, options, serverNow, leased } = created;
  await enter(created, "claim");
  // Others are kept off, and the journal has the key's id now.
  if (options.trace === false || leased) return;
  const all = await orUndone(created, "claim", () => listedWithSuccessor(created));
  if (!lists(all, old)) {
    const problem = "another rotation has retired the old key meanwhile.";
    throw await undone(created, "claim", problem, undefined, "no longer listed");
  }
  const sibling = siblingsIn(all, predecessor, serverNow()).find(
    (key) => key.id !== successor.id && !isOlder(successor, key),
  );
  if (!sibling) return;
  const yielded = await undone(created, "claim", "another rotation of this key came first.");
  throw yielded.successor ? yielded : pending(created, yielded.message, { sibling });
}

/** A list in which the new key is. One that does not show it yet may not show those of other rotators either. */
async function listedWithSuccessor<P extends ProviderName>(created: Created<P>): Promise<ApiKey<P>[]> {
  const { signal } = created.options;
  let all: ApiKey<P>[] = [];
  await eventually(async (last) => {
    all = await listed(created, { signal });
    const shown = all.some((key) => key.id === created.successor.id);
    if (!shown && last) throw new Error("the new key is not listed.");
    return shown;
  }, signal);
  return all;
}
