/** Readies the new key, sees that it works, and hands it to the caller's store: until then what fails is undone. */
import { textOf, type Created } from "../attempt.js";
import { NotStoredError } from "../errors.js";
import { authenticated } from "../propagation.js";
import type { RotatingProvider } from "../providers.js";

const DEADLINE_MS = 600_000;

export async function prepare<P extends RotatingProvider>(attempt: Created<P>): Promise<void> {
  await attempt.enter("prepare");
  await attempt.orUndone(() => attempt.options.prepare?.(attempt.successor));
}

export async function verify<P extends RotatingProvider>(attempt: Created<P>): Promise<void> {
  const { adapter, fresh, secret, successor, options } = attempt;
  const { signal } = options;
  await attempt.enter("verify");
  await attempt.orUndone(async () => {
    if (options.verify) await options.verify(secret, successor);
    else await authenticated(() => adapter.authenticate(fresh, { signal }), signal);
    signal?.throwIfAborted();
  });
}

export async function store<P extends RotatingProvider>(attempt: Created<P>): Promise<void> {
  const { began, old, secret, successor, options } = attempt;
  const { signal } = options;
  await attempt.enter("store");
  if (signal?.aborted) throw await attempt.undone(textOf(signal.reason), signal.reason);
  if (!(Date.now() - began <= (options.deadlineMs ?? DEADLINE_MS))) {
    throw await attempt.undone("the deadline has passed, so nothing is stored any more.");
  }
  try {
    await options.store(secret, successor);
  } catch (error) {
    // That it does not hold the new key counts from a store that knows the old one: any other may not be the one.
    const denied = async () =>
      (await holds(attempt, successor.id)) === false && (await holds(attempt, old.id)) === true;
    const certain = (error instanceof Error && error.name === NotStoredError.name) || (await denied());
    if (certain) throw await attempt.undone(`${attempt.said(error)} The store does not hold the new key.`, error);
    throw attempt.stopped(
      `the store failed (${attempt.said(error)}) and may hold the new key ${successor.id} all the same. ` +
        "Both keys are valid. Look which one the store holds, and revoke the other.",
      { cause: error, successor },
    );
  }
}

/** Whether the store holds a key; undefined where it cannot be asked, or does not say. */
async function holds<P extends RotatingProvider>({ options }: Created<P>, id: string): Promise<boolean | undefined> {
  try {
    return await options.held?.(id);
  } catch {
    return undefined;
  }
}
