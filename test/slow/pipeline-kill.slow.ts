import { writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { driftOf } from "../../scripts/generate/drift.js";
import { Pipeline } from "../../scripts/generate/pipeline.js";
import { keepWarm, lint } from "../../scripts/redocly/cli.js";
import { Program } from "../helpers/processes.js";
import { startScript, temporaryProjects } from "../scripts/temporary-project.js";

const temporaryProject = temporaryProjects();

const FILES = 11;
const preload = new URL("killed-writes.js", import.meta.url).href;

let cool: () => void;
beforeAll(() => void (cool = keepWarm()));
afterAll(() => cool());

/** A project in which every generated file is an older one. */
async function staleProject() {
  const project = await temporaryProject();
  const fresh = await project.read("generated");
  expect(Object.keys(fresh)).toHaveLength(FILES);
  const stale = Object.fromEntries(Object.entries(fresh).map(([file, text]) => [file, `${text}// old\n`]));
  for (const [file, text] of Object.entries(stale)) await writeFile(file, text);
  return { ...project, fresh, stale };
}

type Stale = Awaited<ReturnType<typeof staleProject>>;

/** Each file is whole, old or new; what else is there is named by `check`; and the next `generate` puts all right. */
async function expectWhole({ root, read, fresh, stale }: Stale): Promise<void> {
  const { problems } = await driftOf(root);
  for (const [file, text] of Object.entries(await read("generated"))) {
    if (file in fresh) expect([fresh[file], stale[file]]).toContain(text);
    else {
      expect(file).toMatch(/\.ts\.[0-9a-f]+\.tmp$/);
      expect(problems).toContain(`orphaned  ${relative(root, file)}`);
    }
  }
  const output = { log: () => undefined, error: () => undefined };
  expect(await new Pipeline(root, output).generate(lint(root))).toBe(true);
  expect(await read("generated")).toEqual(fresh);
}

/** The processes that a process has started and that are still there. */
async function childrenOf(pid: number | undefined): Promise<number[]> {
  const { stdout } = await new Program("pgrep", ["-P", String(pid)]).ended;
  return stdout.split("\n").filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const moment = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function linterOf(pid: number | undefined): Promise<number> {
  for (;;) {
    const [linter] = await childrenOf(pid);
    if (linter !== undefined) return linter;
    await moment(5);
  }
}

async function expectGone(pid: number): Promise<void> {
  await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
}

describe("generate", () => {
  const writes = Array.from({ length: FILES }, (_, index) => index + 1);
  it.concurrent.each(writes.flatMap((at) => ["before", "half", "written", "renamed"].map((when) => ({ at, when }))))(
    "killed at write $at ($when) leaves whole files",
    async ({ at, when }) => {
      const project = await staleProject();
      const env = { NODE_OPTIONS: `--import=${preload}`, KILLED_AT: String(at), KILLED: when };
      const run = startScript(project.root, "generate", [], env);
      expect(await run.ended).toMatchObject({ code: null });
      await expectWhole(project);
    },
  );

  it("killed at random moments leaves whole files, and no linter", async () => {
    const project = await staleProject();
    const begun = performance.now();
    expect(await startScript(project.root, "generate").ended).toMatchObject({ code: 0 });
    const longest = performance.now() - begun;
    for (let round = 0; round < 40; round++) {
      const project = await staleProject();
      const run = startScript(project.root, "generate");
      // Rather late than early: it ends with the writes.
      await moment(longest * (1 - Math.random() ** 3));
      const linters = await childrenOf(run.child.pid);
      await run.end("SIGKILL");
      await Promise.all(linters.map(expectGone));
      await expectWhole(project);
    }
  });

  it("says so when its linter is killed, and writes nothing", async () => {
    let failed = 0;
    for (let round = 0; round < 15; round++) {
      const project = await staleProject();
      const run = startScript(project.root, "generate");
      const linter = await linterOf(run.child.pid);
      await moment(Math.random() * 500);
      if (isAlive(linter)) process.kill(linter, "SIGKILL");
      const { code } = await run.ended;
      if (code !== 0) {
        failed++;
        expect(run.output).toContain("The linter ended before it was done (SIGKILL).");
        expect(run.output).toContain("lint failed: nothing was written.");
        expect(await project.read("generated")).toEqual(project.stale);
      }
      await expectWhole(project);
    }
    expect(failed).toBeGreaterThan(0);
  });
});

describe("generate -- --watch", () => {
  it("goes on when its linter is killed, and leaves none behind", async () => {
    const { root, edit } = await temporaryProject();
    const run = startScript(root, "generate", ["--watch"]);
    let at = await run.printed("watching");
    let name = "getApiKey";
    let failed = 0;
    for (let round = 0; round < 15; round++) {
      const linter = await linterOf(run.child.pid);
      const next = `readApiKey${round}`;
      await edit("spec/cockroach.yaml", `operationId: ${name}\n`, `operationId: ${next}\n`);
      name = next;
      at = await run.printed("cockroach.yaml changed", at);
      await moment(Math.random() * 100);
      if (isAlive(linter)) process.kill(linter, "SIGKILL");
      at = await Promise.race([run.printed("done  ", at), run.printed("lint failed: nothing was written.", at)]);
      if (run.output.slice(0, at).endsWith("written.")) failed++;
      // Whether that one was killed in time or not, the next save is linted.
      await edit("spec/cockroach.yaml", `version: `, `version: 1`);
      at = await run.printed("done  ", at);
    }
    expect(failed).toBeGreaterThan(0);
    const linter = await linterOf(run.child.pid);
    await run.end("SIGINT");
    await expectGone(linter);
  });

  it("killed, leaves no linter behind", async () => {
    const { root } = await temporaryProject();
    const run = startScript(root, "generate", ["--watch"]);
    await run.printed("watching");
    const linter = await linterOf(run.child.pid);
    await run.end("SIGKILL");
    await expectGone(linter);
  });
});
