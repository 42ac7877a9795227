import { createInterface } from "node:readline";
import { CommandError, InterruptedError, UsageError } from "./errors.js";
import type { Options } from "./options.js";

/** Whether a person sits there who can be asked. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Before anything is sent. @throws UsageError where nobody can be asked, and nobody has said yes. */
export function checkConfirmable(what: string, { yes, dryRun }: Options): void {
  if (yes || dryRun || isInteractive()) return;
  throw new UsageError(
    `${what} cannot be undone, and without a terminal nobody can be asked. Add --yes if it is meant.`,
  );
}

/** @throws CommandError where the answer is not yes, InterruptedError where it is Ctrl-C. */
export async function confirm(question: string, { yes }: Options): Promise<void> {
  if (yes) return;
  const answer = await ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError("Nothing was done.");
}

/** An end of the input is an empty answer. @throws InterruptedError after Ctrl-C */
function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve, reject) => {
    lines.on("SIGINT", () => {
      process.stderr.write("\n");
      reject(new InterruptedError("Nothing was done.", "SIGINT"));
      lines.close();
    });
    lines.on("close", () => resolve(""));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}
