/** `npm run check:sources`: every operation says where its facts come from, and every name that it gives is known. */
import { exitCodeOf } from "./documents/exit-code.js";
import { projectRoot, readSpecs } from "./project/project.js";
import { readDecisions } from "./reconcile/read-decisions.js";
import { problemList } from "./text/problem-list.js";
import { checkSources } from "./sources/check.js";

const root = projectRoot();

process.exitCode = await exitCodeOf(async () => {
  const specs = await readSpecs(root);
  const decisions = await readDecisions(root, [...specs.keys()]);
  const { problems, old } = checkSources(specs, decisions, new Date().toISOString().slice(0, 10));

  // A document does not become wrong by getting older: that is told and does not fail.
  for (const line of old) console.warn(line);
  if (problems.length === 0) return 0;
  console.error(problemList(problems));
  return 1;
});
