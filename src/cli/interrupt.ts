import { CommandError } from "./errors.js";
import { exitCodes } from "./exit-codes.js";
import { note } from "./show/output.js";

// Ctrl-C, an end from without, and a terminal that was closed.
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs what must not end half-way. A first signal to end aborts the signal and waits; a second one exits at once.
 *
 * @param standing what may be left at that moment
 */
export async function interruptible<T>(
  run: (signal: AbortSignal) => Promise<T>,
  { stopping, standing }: { stopping: string; standing: () => string },
): Promise<T> {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) {
      note(`\nStopped at once. ${standing()}`);
      process.exit(exitCodes.unknown);
    }
    note(`\n${stopping} Ctrl-C again exits at once.`);
    controller.abort(new CommandError("interrupted."));
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await run(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}
