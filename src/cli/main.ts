#!/usr/bin/env node
/** The command `keysmith`. What is not asked for is not loaded: asking for the version takes hardly longer than Node. */
import { version } from "./package-files.js";

// Whoever reads the output may have enough of it before its end, and a terminal may be closed.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
const args = process.argv.slice(2);
if (args.length === 1 && args[0] === "--version") {
  process.stdout.write(`${version()}\n`);
} else {
  const { run } = await import("./program.js");
  process.exitCode = await run(args);
}
