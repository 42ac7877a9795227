import type { ApiKey } from "../../key.js";
import type { Created } from "../attempt.js";
import { eventually } from "../propagation.js";
import type { RotatingProvider } from "../providers.js";
import { isOlder, lists, siblingsIn } from "../siblings.js";

/** Of several rotators that created at once, at most the strictly oldest goes on; the others undo. */
export async function claim<P extends RotatingProvider>(attempt: Created<P>): Promise<void> {
  const { old, successor, mark, options } = attempt;
  await attempt.enter("claim");
  if (options.trace === false) return;
  const all = await attempt.orUndone(() => listedWithSuccessor(attempt));
  if (!lists(all, old)) {
    throw await attempt.undone("another rotation has retired the old key meanwhile.", undefined, "no longer listed");
  }
  const sibling = siblingsIn(all, mark).find((key) => key.id !== successor.id && !isOlder(successor, key));
  if (!sibling) return;
  const yielded = await attempt.undone("another rotation of this key came first.");
  throw attempt.settled ? attempt.pending(yielded.message, { sibling }) : yielded;
}

/** A list in which the new key is. One that does not show it yet may not show those of other rotators either. */
async function listedWithSuccessor<P extends RotatingProvider>(attempt: Created<P>): Promise<ApiKey<P>[]> {
  const { signal } = attempt.options;
  let all: ApiKey<P>[] = [];
  await eventually(async (last) => {
    all = await attempt.listed({ signal });
    const shown = all.some((key) => key.id === attempt.successor.id);
    if (!shown && last) throw new Error("the new key is not listed.");
    return shown;
  }, signal);
  return all;
}
