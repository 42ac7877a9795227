/** `npm run lint:specs [-- <options of redocly lint>]`: the specs against the rules of redocly.yaml. */
import { projectRoot } from "./project/project.js";
import { lint } from "./redocly/cli.js";

const { ok, findings } = await lint(projectRoot(), process.argv.slice(2));
if (findings) console.log(findings);
if (!ok) process.exitCode = 1;
