/**
 * `npm run test:compat [-- Node Bun …]`: packs the package, publishes it to a registry server on loopback, and uses it
 * from there in new projects: in every runtime, compiler and bundler, or in those whose names are given.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeAtomically } from "../../scripts/generate/generated.js";
import { projectRoot } from "../../scripts/project/project.js";
import { bundlers } from "./bundlers.js";
import { Skipped, type Cell, type CompatEnvironment } from "./cells.js";
import { compilers } from "./compilers.js";
import { run } from "../helpers/processes.js";
import { startRegistry, upstreamRegistry, type Registry } from "./registry.js";
import { page, table, type Row } from "./report.js";
import { runtimes } from "./runtimes.js";
import { testRunners } from "./test-runners.js";

const root = projectRoot();
const wanted = process.argv.slice(2);
const cells = [...runtimes, ...compilers, ...bundlers, ...testRunners].filter(
  ({ what }) => wanted.length === 0 || wanted.some((name) => what.startsWith(name)),
);
const rows = await rowsOf(cells);

console.log(table(rows));
for (const { what, version, problem } of rows.filter(({ result }) => result === "fails")) {
  console.log(`\n${what} ${version}: ${problem ?? ""}`);
}
const count = (result: Row["result"]) => rows.filter((row) => row.result === result).length;
if (count("passes") === rows.length && wanted.length === 0) {
  await writeAtomically(join(root, "docs/compatibility.md"), await page(rows));
}
// A machine of one's own may lack what a cell needs; the one that decides must not.
if (count("fails") > 0 || rows.length === 0 || (count("skipped") > 0 && process.env["CI"])) process.exitCode = 1;
console.log(`\n${count("passes")} passed, ${count("fails")} failed, ${count("skipped")} skipped`);

async function rowsOf(cells: Cell[]): Promise<Row[]> {
  const upstream = await upstreamRegistry(root);
  if (upstream === undefined) {
    const problem = "the registry that npm is set to use does not answer";
    return cells.map(({ what, version }) => ({
      what,
      version: typeof version === "string" ? version : "",
      result: "skipped",
      problem,
    }));
  }
  await run("npm", ["ci"], { cwd: join(root, "test/compat"), env: process.env });
  const registry = await startRegistry(root, upstream, join(root, "node_modules/.cache/compat"));
  try {
    const environment: CompatEnvironment = { root, registry, ...(await publish(registry)) };
    const rows: Row[] = [];
    for (const cell of cells) {
      const begun = performance.now();
      const row = await rowOf(cell, environment);
      rows.push(row);
      const seconds = ((performance.now() - begun) / 1000).toFixed(0);
      console.error(`${row.what} ${row.version} ${row.result}, ${seconds} s`);
    }
    return rows;
  } finally {
    await registry.close();
  }
}

async function rowOf({ what, version, check }: Cell, environment: CompatEnvironment): Promise<Row> {
  const row: Row = { what, version: typeof version === "string" ? version : "", result: "passes" };
  try {
    if (typeof version === "function") row.version = await version();
    await check(environment);
    return row;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...row, result: error instanceof Skipped ? "skipped" : "fails", problem };
  }
}

/** Packs what was built, and publishes it. */
async function publish({ env }: Registry): Promise<Pick<CompatEnvironment, "keysmith" | "commands">> {
  const manifest = await readFile(join(root, "package.json"), "utf8");
  const { name, version, bin = {} } = JSON.parse(manifest) as { name: string; version: string; bin?: object };
  const folder = await mkdtemp(join(tmpdir(), "keysmith-tarball-"));
  try {
    const pack = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
    const tarball = (await run("npm", pack, { cwd: root, env })).stdout.trim();
    await run("npm", ["publish", "--ignore-scripts", join(folder, tarball)], { cwd: folder, env });
  } finally {
    await rm(folder, { recursive: true });
  }
  return { keysmith: `${name}@${version}`, commands: Object.keys(bin) };
}
