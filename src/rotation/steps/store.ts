import type { ProviderName } from "../../key.js";
import { enter, said, stopped, textOf, undone, type Created } from "../context.js";
import { NotStoredError } from "../errors.js";

const DEADLINE_MS = 600_000;

/** Hands the new key to the caller's store: until then what fails is undone. */
export async function store<P extends ProviderName>(created: Created<P>): Promise<void> {
  const { began, old, secret, successor, options } = created;
  const { signal } = options;
  await enter(created, "store");
  if (signal?.aborted) throw await undone(created, "store", textOf(signal.reason), signal.reason);
  if (!(Date.now() - began <= (options.deadlineMs ?? DEADLINE_MS))) {
    throw await undone(created, "store", "the deadline has passed, so nothing is stored any more.");
  }
  try {
    await options.store(secret, successor);
  } catch (error) {
    // That it does not hold the new key counts from a store that knows the old one: any other may not be the one.
    const denied = async () =>
      (await holds(created, successor.id)) === false && (await holds(created, old.id)) === true;
    const certain = (error instanceof Error && error.name === NotStoredError.name) || (await denied());
    if (certain) {
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
}

/** Whether the store holds a key; undefined where it cannot be asked, or does not say. */
async function holds<P extends ProviderName>({ options }: Created<P>, id: string): Promise<boolean | undefined> {
  try {
    return await options.held?.(id);
  } catch {
    return undefined;
  }
}
