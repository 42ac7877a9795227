import { endingSignals, InterruptedError, type EndingSignal } from "./errors.js";
import { exitCodes } from "./exit-codes.js";
import { note } from "./show/output.js";

// One Ctrl-C is two signals where npx hands on what the terminal sent already. A person takes longer.
const SAME_MS = 200;

/**
 * Runs what must not end half-way. A first signal to end aborts the signal and waits; Ctrl-C after it exits at once. What
 * else comes twice does not: a terminal that is closed hangs up more than once.
 *
 * @param standing what may be left at that moment
 */
export async function interruptible<T>(
  run: (signal: AbortSignal) => Promise<T>,
  { stopping, standing }: { stopping: string; standing: () => string },
): Promise<T> {
  const controller = new AbortController();
  let first = -Infinity;
  const interrupt = (signal: EndingSignal) => {
    if (controller.signal.aborted) {
      if (signal !== "SIGINT" || performance.now() - first < SAME_MS) return;
      note(`\nStopped at once. ${standing()}`);
      process.exit(exitCodes.unknown);
    }
    first = performance.now();
    note(`\n${stopping} Ctrl-C again exits at once.`);
    controller.abort(new InterruptedError("interrupted.", signal));
  };
  for (const signal of endingSignals) process.on(signal, interrupt);
  try {
    return await run(controller.signal);
  } finally {
    for (const signal of endingSignals) process.off(signal, interrupt);
  }
}
