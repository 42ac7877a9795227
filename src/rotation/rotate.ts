import { checkedId } from "../id.js";
import type { ProviderName } from "../key.js";
import type { Keys } from "../keys.js";
import { apiOf, roomOf } from "../registry.js";
import { given } from "../wire.js";
import { asked, quietly, requireDurations, requireDone, requireFunctions } from "./caller.js";
import { isGone, leavesDoubt, leavesEarlier, pending, textOf, type Asked, type Context } from "./context.js";
import { listsOf, sharedLists } from "./lists.js";
import type { JournalLeft, NeededOverrides, RotateOptions, Rotation } from "./options.js";
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
  options: RotateOptions<P> & NeededOverrides<P>,
): Promise<Rotation<P>> {
  return rotateWith(await askedThrough(keys), id, options);
}

/** What rotations ask a provider with. `shared`: where many do, they share their lists, and what the answers tell of time. */
export async function askedThrough<P extends ProviderName>(given: Keys<P>, { shared = false } = {}): Promise<Asked<P>> {
  const copy = await roomOf(given.provider).copy();
  const clock = clocked(given);
  const lists = listsOf(clock.keys, copy);
  return { ...clock, copy, lists: shared ? sharedLists(lists) : lists };
}

/** Rotates a key, as `rotate` says. */
export async function rotateWith<P extends ProviderName>(
  asking: Asked<P>,
  id: string,
  options: RotateOptions<P>,
): Promise<Rotation<P>> {
  const { keys } = asking;
  const { provider } = keys;
  const { journal, signal, deadlineMs = DEADLINE_MS } = options;
  const began = { at: Date.now(), since: performance.now() };
  // One of these clocks may be set, and the other stands still while the machine sleeps.
  const leftMs = () => deadlineMs - Math.max(Date.now() - began.at, performance.now() - began.since);
  const call = { provider, operation: "rotate" };
  // Errors and the journal would show a plaintext.
  checkedId(call, id, apiOf(provider));
  requireDurations(call, options, "deadlineMs", "storeTimeoutMs", "settleMs", "minAgeMs");
  requireFunctions(call, options, { needed: ["store"], optional: ["read", "held", "prepare", "verify", "onStep"] });
  const place = `${provider} ${id}`;
  if (inWork.has(place)) {
    throw pending(keys, `${provider} rotate: a rotation of ${id} is under way here already. Wait for it to end.`);
  }
  inWork.add(place);
  const leased = journal?.exclusive === true;
  try {
    let left: JournalLeft | undefined;
    if (journal) {
      const opening = async () => {
        const opened = await journal.open({ provider, id, startedAt: new Date().toISOString() });
        requireDone("journal.open", opened);
        return opened;
      };
      left = await asked({ name: "journal.open", ms: leftMs(), signal, secrets: [] }, opening).catch(
        (cause: unknown) => {
          const problem = `the journal lets no rotation of ${id} begin. ${textOf(cause)}`;
          throw pending(keys, `${provider} rotate: ${problem}`, { cause });
        },
      );
    }
    try {
      // What is undefined is left out, and so as with the old key: it must not take a limit or an expiry away.
      const overrides = Object.fromEntries(given(options.overrides ?? {})) as Context<P>["overrides"];
      const rotation = await run({
        ...asking,
        provider,
        id,
        options,
        leftMs,
        left,
        leased,
        secrets: new Set(),
        overrides,
      });
      // Where both keys live on, only the journal keeps the old one from being replaced once more.
      const isOver = !leased || rotation.retired === "revoked" || rotation.retired === "disabled";
      await quietly(() => (isOver ? journal?.close({ provider, id }) : journal.leave?.({ provider, id })));
      return rotation;
    } catch (error) {
      // What leaves doubt stays, for whoever looks. Any other entry that stays only keeps others out.
      const stays = leavesDoubt(error) || (left && (leased ? !isGone(error) : leavesEarlier(error)));
      await quietly(() => (stays ? journal?.leave?.({ provider, id }) : journal?.close({ provider, id })));
      throw error;
    }
  } finally {
    inWork.delete(place);
  }
}

async function run<P extends ProviderName>(context: Context<P>): Promise<Rotation<P>> {
  const begun = await predecessors(await read(context));
  const { stored, stale } = await unfinished(begun);
  if (stored) {
    const left = { ...begun, stale, successor: stored };
    await confirm(left);
    return retire(left);
  }
  const created = await create({ ...begun, stale });
  await claim(created);
  await prepare(created);
  await verify(created);
  await store(created);
  await confirm(created);
  return retire(created);
}
