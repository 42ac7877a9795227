/** `npm run check:sources`: every operation says where its facts come from, and every name that it gives is known. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot, providersOf } from "./project/project.js";
import { readDecisions } from "./reconcile/read-decisions.js";
import { problemList } from "./reconcile/report.js";
import { Spec } from "./render/spec.js";
import { checkSources } from "./sources/check.js";

const root = projectRoot();
const read = async (file: string): Promise<unknown> => parse(await readFile(join(root, file), "utf8"));

const specs = new Map<string, Spec>();
for (const { name, specFile } of await providersOf(root)) specs.set(name, new Spec(await read(specFile)));
const decisions = readDecisions(await read("spec/sources/decisions.yaml"), [...specs.keys()]);
const { problems, old } = checkSources(specs, decisions, new Date().toISOString().slice(0, 10));

// A document does not become wrong by getting older: that is told and does not fail.
for (const line of old) console.warn(line);
if (problems.length > 0) {
  console.error(problemList(problems));
  process.exitCode = 1;
}
