import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { driftOf } from "../../scripts/generate/drift.js";
import { Pipeline } from "../../scripts/generate/pipeline.js";
import { lint } from "../../scripts/redocly/lint.js";
import { startScript, temporaryProjects } from "../scripts/temporary-project.js";

const temporaryProject = temporaryProjects();

const generated = fileURLToPath(new URL("../../generated", import.meta.url));
const FILES = readdirSync(generated, { recursive: true }).filter((file) => String(file).endsWith(".ts")).length;
const preload = new URL("killed-writes.js", import.meta.url).href;

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

const moment = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

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

  it("killed at random moments leaves whole files", async () => {
    const project = await staleProject();
    const begun = performance.now();
    expect(await startScript(project.root, "generate").ended).toMatchObject({ code: 0 });
    const longest = performance.now() - begun;
    for (let round = 0; round < 40; round++) {
      const project = await staleProject();
      const run = startScript(project.root, "generate");
      // Rather late than early: it ends with the writes.
      await moment(longest * (1 - Math.random() ** 3));
      run.child.kill("SIGKILL");
      await run.ended;
      await expectWhole(project);
    }
  });
});
