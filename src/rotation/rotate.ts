import { checkedId } from "../id.js";
import type { ProviderName } from "../key.js";
import type { Keys } from "../keys.js";
import { apiOf, roomOf } from "../registry.js";
import { given } from "../wire.js";
import { asked, quietly } from "./caller.js";
import { leavesDoubt, leavesEarlier, pending, textOf, type Context } from "./context.js";
import type { JournalLeft, RotateOptions, Rotation } from "./options.js";
import { clocked } from "./server-clock.js";
import { claim } from "./steps/claim.js";
import { confirm } from "./steps/confirm.js";
import { create } from "./steps/create.js";
import { prepare } from "./steps/prepare.js";
import { read } from "./steps/read.js";
import { retire } from "./steps/retire.js";
import { store } from "./steps/store.js";
import { verify } from "./steps/verify.js";
import { predecessors, unfinished } from "./unfinished.js";

const DEADLINE_MS = 600_000;

// Of one process, the keys in work.
const inWork = new Set<string>();

/**
 * Replaces a key by a new one like it, without a moment in which the caller's store holds none that works, unless the old
 * one expires meanwhile. The store is the commit point: what fails before it is undone; where it may have written and
 * failed, both keys stay; after it, nothing is revoked but the old key, once the new one is seen to be live, held, and
 * alone.
 *
 * @param keys a facade whose credential may list, create and revoke
 * @param id of the key to replace
 * @returns both keys, and what became of the old one; no plaintext, which `store` alone is given
 * @throws RotationError, an abort included, which says at which step, what is valid, and what to do; RotationPendingError
 * where another rotation of the key is under way, or was left unfinished and cannot be judged yet; BadRequestError where
 * `id` is the plaintext of a key.
 */
export async function rotate<P extends ProviderName>(
  keys: Keys<P>,
  id: string,
  options: RotateOptions<P>,
): Promise<Rotation<P>> {
  const { provider } = keys;
  const { journal, signal, deadlineMs = DEADLINE_MS } = options;
  const began = performance.now();
  const leftMs = () => began + deadlineMs - performance.now();
  // Errors and the journal would show a plaintext.
  checkedId({ provider, operation: "rotate" }, id, apiOf(provider));
  const place = `${provider} ${id}`;
  if (inWork.has(place)) {
    throw pending(keys, `${provider} rotate: a rotation of ${id} is under way here already. Wait for it to end.`);
  }
  inWork.add(place);
  try {
    let left: JournalLeft | undefined;
    if (journal) {
      const opening = () => journal.open({ provider, id, startedAt: new Date().toISOString() });
      left = await asked({ name: "journal.open", ms: leftMs(), signal, secrets: [] }, opening).catch(
        (cause: unknown) => {
          const problem = `the journal lets no rotation of ${id} begin. ${textOf(cause)}`;
          throw pending(keys, `${provider} rotate: ${problem}`, { cause });
        },
      );
    }
    try {
      const copy = await roomOf(provider).copy();
      // What is undefined is left out, and so as with the old key: it must not take a limit or an expiry away.
      const overrides = Object.fromEntries(given(options.overrides ?? {})) as Context<P>["overrides"];
      const rotation = await run({
        ...clocked(keys),
        provider,
        id,
        options,
        leftMs,
        left,
        secrets: new Set(),
        copy,
        overrides,
      });
      await quietly(() => journal?.close({ provider, id }));
      return rotation;
    } catch (error) {
      // What leaves doubt stays, for whoever looks. Any other entry that stays only keeps others out.
      const stays = leavesDoubt(error) || (left !== undefined && leavesEarlier(error));
      await quietly(() => (stays ? journal?.leave?.({ provider, id }) : journal?.close({ provider, id })));
      throw error;
    }
  } finally {
    inWork.delete(place);
  }
}

async function run<P extends ProviderName>(context: Context<P>): Promise<Rotation<P>> {
  const begun = await predecessors(await read(context));
  const left = await unfinished(begun);
  if (left) {
    await confirm(left);
    return retire(left);
  }
  const created = await create(begun);
  await claim(created);
  await prepare(created);
  await verify(created);
  await store(created);
  await confirm(created);
  return retire(created);
}
