/** `npm run reconcile`: every claim of `spec/sources/` that the curated specs overrule, and what was decided on it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { compare } from "./openapi-diff/compare.js";
import { placesIn } from "./openapi-diff/places.js";
import { projectRoot, providersOf } from "./project/project.js";
import { check, type ComparedSource } from "./reconcile/check.js";
import { DecisionsError, readDecisions } from "./reconcile/read-decisions.js";
import { problemList, reconcileTable } from "./reconcile/report.js";
import { Spec } from "./render/spec.js";

const root = projectRoot();
const read = async (file: string): Promise<unknown> => parse(await readFile(join(root, file), "utf8"));

process.exitCode = await reconcile().catch((error: unknown) => {
  if (!(error instanceof DecisionsError)) throw error;
  console.error(problemList(error.problems.map((one) => `spec/sources/decisions.yaml: ${one}`)));
  return 1;
});

async function reconcile(): Promise<number> {
  const specs = new Map<string, Spec>();
  for (const { name, specFile } of await providersOf(root)) {
    specs.set(name, new Spec(await read(specFile)));
  }
  const decisions = readDecisions(await read("spec/sources/decisions.yaml"), [...specs.keys()]);

  const compared: ComparedSource[] = [];
  for (const { id, provider, document } of decisions.sources) {
    const curated = specs.get(provider);
    if (document === undefined || !curated) continue;
    const other = new Spec(await read(`spec/sources/${document}`));
    compared.push({ id, differences: compare(curated, other) });
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
}
