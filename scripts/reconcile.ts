/** `npm run reconcile`: every claim of `spec/sources/` that the curated specs overrule, and what was decided on it. */
import { exitCodeOf } from "./documents/exit-code.js";
import { readDocument, specIn } from "./documents/read.js";
import { compare } from "./openapi-diff/compare.js";
import { placesIn } from "./openapi-diff/places.js";
import { projectRoot, readSpecs } from "./project/project.js";
import { check, type ComparedSource } from "./reconcile/check.js";
import { readDecisions } from "./reconcile/read-decisions.js";
import { reconcileTable } from "./reconcile/report.js";
import { problemList } from "./text/problem-list.js";

const root = projectRoot();

process.exitCode = await exitCodeOf(async () => {
  const specs = await readSpecs(root);
  const decisions = await readDecisions(root, [...specs.keys()]);

  const compared: ComparedSource[] = [];
  for (const source of decisions.sources) {
    const curated = specs.get(source.provider);
    if (source.document === undefined || !curated) continue;
    const file = `spec/sources/${source.document}`;
    compared.push({ ...source, ...compare(curated, specIn(await readDocument(root, file), file)) });
  }
  const places = new Map([...specs].map(([name, spec]) => [name, placesIn(spec)]));
  const problems = check(decisions, compared, places);

  console.log(reconcileTable(decisions));
  if (problems.length > 0) {
    console.error(`\n${problemList(problems)}`);
    return 1;
  }
  const found = compared.flatMap(({ differences }) => differences).filter(({ silent }) => !silent).length;
  console.log(
    `\n${found} contradictions in ${compared.length} documents, all of them decided by ${decisions.decisions.length} decisions.`,
  );
  return 0;
});
