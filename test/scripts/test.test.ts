import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startScript } from "./temporary-project.js";

/** What `npm test` says where the scripts of package.json are these. */
async function tested(scripts: Record<string, string>) {
  const root = await mkdtemp(join(tmpdir(), "keysmith-test-"));
  onTestFinished(() => rm(root, { recursive: true }));
  await writeFile(join(root, "package.json"), JSON.stringify({ scripts }));
  const run = startScript(root, "test", Object.keys(scripts));
  await run.ended;
  return { code: run.child.exitCode, lines: run.output.trimEnd().split("\n") };
}

const says = (words: string, code: number) => `node -e "console.log('${words}'); process.exitCode = ${code}"`;

it("npm test runs all steps to their end, and tells last what failed", async () => {
  const { code, lines } = await tested({
    lint: says("a finding", 1),
    unit: says("a test that failed", 2),
    types: says("fine", 0),
  });
  expect(
    lines
      .slice(0, 3)
      .map((line) => line.slice(0, 7))
      .sort(),
  ).toEqual(["✓ types", "✗ lint ", "✗ unit "]);
  const rest = lines
    .slice(3)
    .filter((line) => line !== "")
    .map((line) => line.replace(/^─+ /, ""));
  expect(rest).toEqual([
    "npm run lint",
    "a finding",
    "npm run unit",
    "a test that failed",
    "✗ 2 of 3 failed: lint, unit",
  ]);
  expect(code).toBe(1);
});

it("npm test says of what passed only that it did", async () => {
  const { code, lines } = await tested({ types: says("fine", 0) });
  expect(lines).toEqual([expect.stringMatching(/^✓ types +\d+\.\d s$/)]);
  expect(code).toBe(0);
});
