import { sleep } from "../../http/timers.js";
import type { ProviderName } from "../../key.js";
import { done } from "../caller.js";
import { enter, said, orUndone, stopped, textOf, undone, type Created } from "../context.js";
import { NotStoredError } from "../errors.js";
import { HandedOver, readBack } from "../stored.js";

const STORE_TIMEOUT_MS = 1_800_000;

/** Hands the new key to the caller's store: until then what fails is undone. */
export async function store<P extends ProviderName>(created: Created<P>): Promise<void> {
  const { secret, successor, options, leftMs, secrets } = created;
  const { signal, store: put, storeTimeoutMs = STORE_TIMEOUT_MS } = options;
  await enter(created, "store");
  if (signal?.aborted) throw await undone(created, "store", textOf(signal.reason), signal.reason);
  if (!(leftMs() >= 0)) {
    throw await undone(created, "store", "the deadline has passed, so nothing is stored any more.");
  }
  const before = await heldBefore(created);
  // One that is still at work may write whenever it likes.
  const at = { work: true };
  const handed = new HandedOver(secret.reveal());
  try {
    await done({ name: "store", ms: storeTimeoutMs, secrets }, async () => {
      try {
        return await put(handed, successor);
      } finally {
        at.work = false;
      }
    });
  } catch (error) {
    if (
      (error instanceof Error && error.name === NotStoredError.name) ||
      (!at.work && (await unchanged(created, before)))
    ) {
      throw await undone(created, "store", `${said(created, error)} The store does not hold the new key.`, error);
    }
    throw stopped(
      created,
      "store",
      `the store failed (${said(created, error)}) and may hold the new key ${successor.id} all the same. ` +
        "Both keys are valid. Look which one the store holds, and revoke the other.",
      { cause: error, successor },
    );
  }
  if (!handed.revealed) {
    const problem = "the store never asked for the new key's plaintext (`reveal()`), so it cannot hold it.";
    throw stopped(created, "store", `${problem} Both keys are valid. Mend \`store\`, and revoke ${successor.id}.`, {
      successor,
    });
  }
}

/** The plaintext that the store holds until now, where that will tell whether a write that failed has landed. */
async function heldBefore<P extends ProviderName>(created: Created<P>): Promise<string | undefined> {
  const { read, settleMs, signal } = created.options;
  if (!read || !(settleMs !== undefined && settleMs >= 0)) return undefined;
  return orUndone(created, "store", () => readBack(created, read, signal));
}

/** Whether a store that failed holds, for as long as a write may still land, what it held before. */
async function unchanged<P extends ProviderName>(created: Created<P>, before: string | undefined): Promise<boolean> {
  const { read, settleMs } = created.options;
  if (!read || settleMs === undefined || before === undefined) return false;
  try {
    if ((await readBack(created, read)) !== before) return false;
    await sleep(settleMs, undefined);
    return (await readBack(created, read)) === before;
  } catch {
    return false;
  }
}
