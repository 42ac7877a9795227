/**
 * `npm run lint:specs [-- <api or file>…]`: the specs against the rules of redocly.yaml. With options, such as
 * `--format=github-actions`, it is the command `redocly lint` that runs.
 */
import { projectRoot } from "./project/project.js";
import { redocly } from "./redocly/cli.js";
import { lint, printFindings } from "./redocly/lint.js";

const root = projectRoot();
const args = process.argv.slice(2);

if (args.some((arg) => arg.startsWith("-"))) {
  const { code, stdout, stderr } = await redocly(root, ["lint", ...args]);
  console.log(stdout);
  console.error(stderr);
  process.exitCode = code ?? 1;
} else {
  const result = await lint(root, args);
  await printFindings(root, result);
  if (!result.ok) process.exitCode = 1;
}
