#!/usr/bin/env node
/** The command `keysmith`. What is not asked for is not loaded: asking for the version takes hardly longer than Node. */
import type { ExitCode } from "./exit-codes.js";
import { version } from "./package-files.js";
import { write, written } from "./show/standard-output.js";

// What was not written is told by each write. Standard error has nobody else to tell.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
const args = process.argv.slice(2);
let exitCode: ExitCode = 0;
if (args.length === 1 && ["--version", "-v"].includes(String(args[0]))) write(`${version()}\n`);
else exitCode = await (await import("./program.js")).run(args);
try {
  await written();
} catch (error) {
  exitCode = (await import("./unwritten.js")).reportUnwritten(error, exitCode);
}
// What is left open, such as a proxy that answers nothing, need not be waited for: the work has ended.
process.stderr.write("", () => process.exit(exitCode));
