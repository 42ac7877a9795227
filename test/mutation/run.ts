/**
 * `npm run test:mutation -- PART` changes the sources of a part in small ways, one at a time, and says which changes no test
 * has noticed. With a source file in place of a part it changes that one. What has not changed since is not tried again.
 *
 * Exit codes: 0 done, 1 the tests fail by themselves, or too many changes went unnoticed, 2 wrong usage.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../scripts/project/project.js";
import { parts } from "./parts.js";

const root = projectRoot();
const folder = join(root, "test/mutation");
const stryker = join(folder, "node_modules/@stryker-mutator/core/bin/stryker.js");

process.exitCode = main(process.argv.slice(2));

function main([given = "", ...more]: string[]): number {
  const has = (source: string) => (source.endsWith("/") ? given.startsWith(source) : given === source);
  const part = parts[given] ?? Object.values(parts).find(({ sources }) => sources.some(has));
  if (!part || more.length > 0) {
    console.error(`usage: npm run test:mutation -- ${Object.keys(parts).join(" | ")} | FILE of one of them`);
    return 2;
  }
  if (!existsSync(stryker)) {
    // Its runner finds the project's own vitest.
    execFileSync("npm", ["ci", "--omit=peer", "--ignore-scripts"], { cwd: folder, stdio: "inherit" });
  }
  const sources = given in parts ? part.sources : [given];
  const mutate = sources.map((source) => (source.endsWith("/") ? `${source}**/*.ts` : source));
  const known = join("node_modules/.cache/mutation", `${given.replace(/\W+/g, "-")}.json`);
  const { status } = spawnSync(
    process.execPath,
    [stryker, "run", "test/mutation/stryker.json", "--mutate", mutate.join(), "--incrementalFile", known],
    { cwd: root, stdio: "inherit", env: { ...process.env, MUTATION_TESTS: JSON.stringify(part.tests) } },
  );
  return status ?? 1;
}
