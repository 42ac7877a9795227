/** `npm run generate [-- --watch]`: lint the specs, render them, write what changed. Exit code 2 for wrong usage. */
import { parseArgs } from "node:util";
import { lint } from "./redocly/lint.js";

const options = optionsOf(process.argv.slice(2));
if (options) {
  const root = process.cwd();
  const linting = lint(root);
  const { Pipeline } = await import("./generate/pipeline.js");
  const pipeline = new Pipeline(root);
  if (options.watch) await (await import("./generate/watch.js")).watchSources(root, pipeline, linting);
  else if (!(await pipeline.generate(linting))) process.exitCode = 1;
} else {
  console.error("usage: npm run generate [-- --watch]");
  process.exitCode = 2;
}

function optionsOf(args: string[]): { watch: boolean } | undefined {
  try {
    return parseArgs({ args, options: { watch: { type: "boolean", default: false } } }).values;
  } catch {
    return undefined;
  }
}
