import { NotStoredError } from "../index.js";

// Whoever looks for orphans takes a rotation for broken off after an hour: what is begun late is stored too late.
const LONGEST_MS = 600_000;

/**
 * Lets one piece of work be done after the other, in the order in which they are asked for.
 *
 * @throws NotStoredError where one had to wait for more than 10 minutes: it is not begun.
 */
export function oneAtATime(): (work: () => Promise<void>) => Promise<void> {
  let latest: Promise<unknown> = Promise.resolve();
  return (work) => {
    const asked = performance.now();
    const turn = latest.then(() => {
      if (performance.now() - asked > LONGEST_MS) throw new NotStoredError("it had to wait too long for its turn");
      return work();
    });
    latest = turn.catch(() => undefined);
    return turn;
  };
}
