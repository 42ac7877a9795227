/**
 * `npm run bench [-- size calls …] [--strict]`: keysmith beside its peers, by the figures that it means to keep. All of
 * them, or those whose names are given; where all were measured, docs/benchmarks.md is written.
 *
 * Exit codes: 0 measured, 1 something could not be measured, or with --strict a target was missed, 2 wrong usage.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeAtomically } from "../../scripts/generate/generated.js";
import { projectRoot } from "../../scripts/project/project.js";
import type { Benchmark } from "./benchmark.js";
import { calls } from "./calls.js";
import { creates } from "./creates.js";
import { fleet } from "./fleet.js";
import { generate } from "./generate.js";
import { imports } from "./imports.js";
import { lists } from "./lists.js";
import { render } from "./render.js";
import { page, table, type Measured } from "./report.js";
import { moving } from "./moving.js";
import { requests } from "./requests.js";
import { rotations } from "./rotations.js";
import { sandboxes } from "./sandboxes.js";
import { size } from "./size.js";
import { starts } from "./starts.js";
import { types } from "./types.js";
import { createWorkplace } from "./workplace.js";

const BENCHMARKS = [
  size,
  calls,
  imports,
  starts,
  types,
  generate,
  render,
  lists,
  moving,
  rotations,
  requests,
  fleet,
  creates,
  sandboxes,
];

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const given = usageOf(args);
  if (!given) {
    console.error(`usage: npm run bench -- [${BENCHMARKS.map(({ name }) => name).join("] [")}] [--strict]`);
    return 2;
  }
  const { wanted, strict } = given;
  const root = projectRoot();
  const workplace = await createWorkplace(root);
  const measured: Measured[] = [];
  const problems: string[] = [];
  try {
    for (const benchmark of wanted) {
      const begun = performance.now();
      try {
        measured.push({ benchmark, rows: await benchmark.measure(workplace) });
        console.error(`${benchmark.name}: ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
      } catch (error) {
        problems.push(
          `${benchmark.name} could not be measured: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  } finally {
    await workplace.remove();
  }

  console.log(table(measured, workplace.versions));
  for (const problem of problems) console.error(`\n${problem}`);
  if (problems.length > 0) return 1;
  if (wanted.length === BENCHMARKS.length) {
    await writeAtomically(join(root, "docs/benchmarks.md"), await page(measured, workplace.versions));
  }
  return strict && measured.some(({ rows }) => rows.some(({ met }) => met === false)) ? 1 : 0;
}

function usageOf(args: string[]): { wanted: Benchmark[]; strict: boolean } | undefined {
  try {
    const options = { strict: { type: "boolean", default: false } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const wanted = BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    const unknown = positionals.filter((name) => !BENCHMARKS.some((one) => one.name === name));
    return unknown.length > 0 ? undefined : { wanted, strict: values.strict };
  } catch {
    return undefined;
  }
}
