import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { render, SpecError } from "../../scripts/render/index.js";
import { mutatedSpec, mutatedText } from "../scripts/mutated-specs.js";
import { runHere, runScript, temporaryProjects } from "../scripts/temporary-project.js";
import { problemsOf } from "../scripts/typescript.js";

const temporaryProject = temporaryProjects();

const seed = Date.now() % 2 ** 31;

// One after the other: what runs here has the process's folder to itself.
describe(`our specs with random things done to them (seed ${seed})`, () => {
  // JSON is YAML, too.
  const asText = mutatedSpec.map(({ document, ...rest }) => ({ ...rest, text: JSON.stringify(document) }));

  it.each([
    { how: "as data", changed: asText, numRuns: 150 },
    { how: "as text", changed: mutatedText, numRuns: 100 },
  ])("$how, are generated from and compile, or nothing is written and it is said why", async ({ changed, numRuns }) => {
    const { root, read } = await temporaryProject();
    const files = { ...(await read("spec")), ...(await read("generated")) };
    const before = await read("generated");
    const outcomes = { written: 0, refused: 0 };
    const generatedFrom = fc.asyncProperty(changed as typeof asText, async ({ text, provider }) => {
      for (const [file, original] of Object.entries(files)) await writeFile(file, original);
      await writeFile(join(root, `spec/${provider}.yaml`), text);
      const { code, output } = await runHere(root, "generate");
      const after = await read("generated");
      expect(Object.keys(after)).toEqual(Object.keys(before));
      expect(output).not.toMatch(/^ +at /m);
      if (code === 0) {
        outcomes.written++;
        expect(await runHere(root, "check")).toMatchObject({ code: 0 });
        expect(problemsOf(namesWithin(join(root, "generated", provider), after))).toEqual([]);
      } else {
        outcomes.refused++;
        expect(output).toMatch(/\S[^]*: nothing was written\.\n$/);
        expect(after).toEqual(before);
      }
    });
    await fc.assert(generatedFrom, { numRuns, seed });
    expect(outcomes).toEqual({ written: expect.any(Number) as number, refused: expect.any(Number) as number });
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(0);
  });

  it("are rendered to what compiles, or refused with the place, unlinted", async () => {
    let compiled = 0;
    const rendered = fc.asyncProperty(mutatedSpec, async ({ document, provider }) => {
      const files = await render(document, provider).catch((error: unknown) => {
        expect(error).toBeInstanceOf(SpecError);
        expect(String(error)).toMatch(/^SpecError: #\/\S*: ./);
      });
      if (!files) return;
      compiled++;
      expect(problemsOf(files)).toEqual([]);
    });
    await fc.assert(rendered, { numRuns: 400, seed });
    expect(compiled).toBeGreaterThan(0);
  });

  it("are linted by a process that has linted before as by a new one", async () => {
    const { root } = await temporaryProject();
    const linted = fc.asyncProperty(asText, async ({ text, provider }) => {
      await writeFile(join(root, `spec/${provider}.yaml`), text);
      expect(await runHere(root, "lint-specs", [provider])).toEqual(await runScript(root, "lint-specs", [provider]));
    });
    await fc.assert(linted, { numRuns: 40, seed });
  });
});

/** The files of a folder, each by its name in it. */
function namesWithin(folder: string, files: Record<string, string>): Record<string, string> {
  const inside = Object.entries(files).filter(([file]) => file.startsWith(`${folder}/`) && !file.endsWith("/index.ts"));
  return Object.fromEntries(inside.map(([file, text]) => [file.slice(folder.length + 1), text]));
}
