import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { keepWarm, redocly } from "../../scripts/redocly/cli.js";
import { WarmProcess } from "../../scripts/redocly/warm-process.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "keysmith-warm-"))));
afterAll(() => rm(folder, { recursive: true }));

/** A process for a command that does what `program` says, as the CLI does: it ends itself once nothing is left to do. */
async function processOf(program: string): Promise<WarmProcess> {
  const entry = join(folder, `${crypto.randomUUID()}.mjs`);
  await writeFile(entry, `const [command, ...args] = process.argv.slice(2);\n${program}`);
  const warm = new WarmProcess(pathToFileURL(entry).href, [], process.env);
  onTestFinished(() => warm.end());
  return warm;
}

const END = `process.once("beforeExit", () => process.exit(Number(args[0] ?? 0)));`;

it("runs commands one after the other, each with its arguments, folder, output and exit code", async () => {
  const warm = await processOf(`
    console.log(process.pid, command, process.cwd());
    setTimeout(() => console.error("later \\ud800"), 5);
    ${END}`);
  const [first, second] = await Promise.all([warm.run(folder, ["lint", "3"]), warm.run("/", ["diff"])]);
  const [pid] = first.stdout.split(" ");
  expect(first).toEqual({ code: 3, signal: null, stdout: `${pid} lint ${folder}\n`, stderr: "later \ufffd\n" });
  expect(second).toEqual({ code: 0, signal: null, stdout: `${pid} diff /\n`, stderr: "later \ufffd\n" });
});

it.each([
  { given: "is killed", program: `process.kill(process.pid, "SIGKILL");`, want: { code: null, signal: "SIGKILL" } },
  { given: "crashes", program: `setTimeout(() => { throw new Error("broken"); });`, want: { code: 1, signal: null } },
  { given: "ends before all is done", program: `process.exit(2); setTimeout(() => 0, 1e6);`, want: { code: 2 } },
  { given: "never answers, and just ends", program: `process.reallyExit(0);`, want: { code: 0, stdout: "" } },
])("says so if it $given, and has another one for the next command", async ({ program, want }) => {
  const warm = await processOf(`console.log(process.pid); if (command === "bad") { ${program} } else ${END}`);
  const before = await warm.run(folder, ["good"]);
  const bad = await warm.run(folder, ["bad"]);
  expect(bad).toMatchObject(want);
  const after = await warm.run(folder, ["good"]);
  expect(after).toMatchObject({ code: 0, stderr: "" });
  expect(after.stdout).not.toBe(before.stdout);
});

it("finds with the linter what a new process finds, whatever it has linted before", async () => {
  const good = await readFile(join(repository, "test/fixtures/lint/good.yaml"), "utf8");
  const config = `extends: [${join(repository, "redocly.yaml")}]`;
  await writeFile(join(folder, "redocly.yaml"), config);
  await writeFile(join(folder, "good.yaml"), good);
  await writeFile(
    join(folder, "bad.yaml"),
    good.replace("operationId: ", "operationId: Not-camel-").replace(/example: /, "x: "),
  );
  const args = ["lint", "bad.yaml", "--format=json"];
  const cold = await redocly(folder, args);
  expect(cold).toMatchObject({ code: 1, stdout: expect.stringContaining("rule/operation-id-camel-case") as string });
  onTestFinished(keepWarm());
  for (const before of ["bad.yaml", "good.yaml", "missing.yaml"]) {
    await redocly(folder, ["lint", before]);
    const { code, stdout } = await redocly(folder, args);
    expect({ code, stdout }).toEqual({ code: cold.code, stdout: cold.stdout });
  }
});
