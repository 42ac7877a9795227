import { execFileSync } from "node:child_process";
import { cp, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { node } from "../helpers/processes.js";
import { names } from "../helpers/providers.js";
import { runHere, runScript, startScript, temporaryProjects } from "./temporary-project.js";

const temporaryProject = temporaryProjects();

const repository = fileURLToPath(new URL("../..", import.meta.url));

describe("npm run generate", () => {
  it("leaves files that are as they should be alone", async () => {
    const { root } = await temporaryProject();
    const { code, output } = await runHere(root, "generate");
    expect(output).toMatch(/^unchanged {2}generated\/openrouter\/client\.ts$/m);
    expect(output).not.toContain("written");
    expect(code).toBe(0);
  });

  it("writes what is missing or stale, removes what no spec gives, and shows no banner", async () => {
    const { root, edit, read } = await temporaryProject();
    const before = await read("generated");
    await edit("generated/estuary/api.ts", "api.estuary.tech", "example.test");
    await rm(join(root, "generated/cockroach/types.ts"));
    await writeFile(join(root, "generated/openrouter/types.ts.5f.tmp"), "half a file");
    const { code, output } = await runScript(root, "generate");
    expect(output.match(/^(written|removed) .*$/gm)).toEqual([
      "written    generated/estuary/api.ts",
      "written    generated/cockroach/types.ts",
      "removed    generated/openrouter/types.ts.5f.tmp",
    ]);
    expect(output).toMatch(/^lint .* \d+ ms$/m);
    expect(output).toMatch(/^render {5}cockroach .* \d+ ms$/m);
    expect(output).not.toMatch(/[╔║]|Deprecation|validating/);
    expect(await read("generated")).toEqual(before);
    expect(code).toBe(0);
  });

  // What else fails lint is in lint-rules.test.ts; these are the ways in which a failure reaches the pipeline.
  it.each([
    {
      change: "a $ref to nowhere",
      file: "spec/estuary.yaml",
      search: '$ref: "#/components/schemas/UserStats"',
      replacement: '$ref: "#/components/schemas/Nowhere"',
      says: "no-unresolved-refs",
    },
    {
      change: "a YAML syntax error",
      file: "spec/cockroach.yaml",
      search: "paths:\n",
      replacement: "paths: [\n",
      says: "spec/cockroach.yaml",
    },
    {
      change: "an operation without a 4xx",
      file: "spec/estuary.yaml",
      search: /"401":\n *\$ref: .*\n *"403":\n *\$ref: .*\n *"429":\n *\$ref: .*\n/,
      replacement: "",
      says: "operation-4xx-response",
    },
    {
      change: "a secret without format: password",
      file: "spec/cockroach.yaml",
      search: /\n *format: password/,
      replacement: "",
      says: "rule/",
    },
    {
      change: "a redocly.yaml that cannot be read",
      file: "redocly.yaml",
      search: "apis:",
      replacement: "apis: [",
      says: "redocly.yaml",
    },
    {
      change: "a spec that is not there",
      file: "redocly.yaml",
      search: "spec/estuary.yaml",
      replacement: "spec/nowhere.yaml",
      says: "spec/nowhere.yaml",
    },
    {
      change: "a pagination by a parameter that does not exist",
      file: "spec/openrouter.yaml",
      search: "offsetParam: offset",
      replacement: "offsetParam: skip",
      says: 'offsetParam "skip" is not a query parameter',
    },
  ])("refuses $change and changes no file", async ({ file, search, replacement, says }) => {
    const { root, edit, read } = await temporaryProject();
    await edit("generated/openrouter/api.ts", "https://openrouter.ai", "https://example.test");
    const before = await read("generated");
    await edit(file, search, replacement);
    const { code, output } = await runHere(root, "generate");
    expect(output).toContain(says);
    expect(output).toContain("nothing was written");
    expect(output).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
    expect(await read("generated")).toEqual(before);
  });

  it("names the file that cannot be written, and what to do", async () => {
    const { root } = await temporaryProject();
    await rm(join(root, "generated/cockroach/types.ts"));
    await mkdir(join(root, "generated/cockroach/types.ts/folder"), { recursive: true });
    const { code, output } = await runHere(root, "generate");
    expect(output).toMatch(/^generated\/cockroach\/types\.ts: E\w+: .*\nNot all of generated\/ is written: run/m);
    expect(code).toBe(1);
  });

  it("exits 2 with its usage for an option that it does not know", async () => {
    const { root } = await temporaryProject();
    const { code, output } = await runHere(root, "generate", ["--wach"]);
    expect({ code, output }).toEqual({ code: 2, output: "usage: npm run generate [-- --watch]\n" });
  });

  it("with --watch follows saves, shows a broken spec's findings, and goes on", async () => {
    const { root, edit, read } = await temporaryProject();
    // One of the specs is enough to be saved again and again.
    await edit("redocly.yaml", /\n {2}(?!cockroach)\w+:\n {4}root: .*(?=[^]*\n\nextends)/g, "");
    const run = startScript(root, "generate", ["--watch"]);
    try {
      let at = await run.printed("watching");
      // The operation itself, not a link to it.
      await edit("spec/cockroach.yaml", "\n      operationId: getApiKey", "\n      operationId: readApiKey");
      at = await run.printed("written    generated/cockroach/client.ts", at);
      at = await run.printed("done", at);

      await edit("spec/cockroach.yaml", "operationId: readApiKey", "operationId: listApiKeys");
      at = await run.printed("operation-operationId-unique", at);
      at = await run.printed("nothing was written", at);

      await edit(
        "spec/cockroach.yaml",
        /operationId: listApiKeys(?![\s\S]*operationId: listApiKeys)/,
        "operationId: fetchApiKey",
      );
      at = await run.printed("written    generated/cockroach/client.ts", at);
      at = await run.printed("done", at);
      expect(Object.values(await read("generated")).join()).toContain("export function fetchApiKey(");

      // Also where the folder is another one than before.
      await cp(join(root, "spec"), join(root, "specs"), { recursive: true });
      await rm(join(root, "spec"), { recursive: true });
      at = await run.printed("nothing was written", at);
      await rename(join(root, "specs"), join(root, "spec"));
      at = await run.printed("done", at);
      await edit("spec/cockroach.yaml", "operationId: fetchApiKey", "operationId: readApiKey");
      at = await run.printed("written    generated/cockroach/client.ts", at);
      at = await run.printed("done", at);

      // Also a plugin of the linter, which keeps what it has loaded.
      await edit("scripts/redocly/lint-plugin.js", "isPassword(schema)) return []", "false) return []");
      at = await run.printed("lint-plugin.js changed", at);
      await run.printed("rule/secrets-marked", at);
    } finally {
      run.child.kill();
      await run.ended;
    }
  });
});

describe("npm run check", () => {
  it("passes when every generated file is what the specs say", async () => {
    const { root } = await temporaryProject();
    expect(await runHere(root, "check")).toEqual({
      code: 0,
      output: expect.stringMatching(/^\d+ generated files are what the specs say\.\n$/) as string,
    });
  });

  it.each([
    { provider: "estuary", property: "numPins" },
    { provider: "openrouter", property: "limit_remaining" },
    { provider: "cockroach", property: "next_page" },
  ])("names the files of $provider when a property of its spec is renamed", async ({ provider, property }) => {
    const { root, edit } = await temporaryProject();
    await edit(`spec/${provider}.yaml`, new RegExp(`${property}\\b`, "g"), `${property}_2`);
    const renamed = await runHere(root, "check");
    expect(renamed.output).toContain(`stale     generated/${provider}/types.ts`);
    for (const other of names.filter((name) => name !== provider)) {
      expect(renamed.output).not.toContain(`generated/${other}/`);
    }
    expect(renamed.code).toBe(1);
    await edit(`spec/${provider}.yaml`, new RegExp(`${property}_2`, "g"), property);
    expect((await runHere(root, "check")).code).toBe(0);
  });

  it("lists everything that is wrong, not only the first", async () => {
    const { root, edit, read } = await temporaryProject();
    await edit("generated/openrouter/api.ts", "https://openrouter.ai", "https://example.test");
    await edit("generated/cockroach/types.ts", "next_page", "nextPage");
    await rm(join(root, "generated/estuary/client.ts"));
    await writeFile(join(root, "generated/old.ts"), "");
    await writeFile(join(root, "generated/estuary/types.ts.5f.tmp"), "half a file");
    const before = await read("generated");
    const { code, output } = await runScript(root, "check");
    expect(output.split("\n").slice(0, 5)).toEqual([
      "missing   generated/estuary/client.ts",
      "stale     generated/openrouter/api.ts",
      "stale     generated/cockroach/types.ts",
      "orphaned  generated/old.ts",
      "orphaned  generated/estuary/types.ts.5f.tmp",
    ]);
    expect(code).toBe(1);
    expect(await read("generated")).toEqual(before);
  });

  it("passes in a clone of git's that writes the line ends of Windows", async () => {
    const { root } = await temporaryProject();
    await cp(join(repository, ".gitattributes"), join(root, ".gitattributes"));
    const git = (...args: string[]) => execFileSync("git", args, { cwd: root, stdio: "ignore" });
    git("init");
    git("add", "--all");
    git("-c", "user.name=Test", "-c", "user.email=test@example.test", "commit", "--message", "All");
    git("clone", "--config", "core.autocrlf=true", ".", "clone");
    expect(await runHere(join(root, "clone"), "check")).toMatchObject({ code: 0 });
  });

  it("names a spec that cannot be read", async () => {
    const { root, edit } = await temporaryProject();
    await edit("spec/openrouter.yaml", "paths:\n", "paths: [\n");
    const { code, output } = await runHere(root, "check");
    expect(output).toMatch(/^spec\/openrouter\.yaml:\d+:8: missed comma/);
    expect(code).toBe(1);
  });
});

describe("a program of scripts/", () => {
  it("is run as it is now, however often it was run before", async () => {
    const { root } = await temporaryProject();
    await cp(join(repository, "scripts/run.js"), join(root, "scripts/run.js"));
    await mkdir(join(root, "node_modules"));
    await symlink(join(repository, "node_modules/esbuild"), join(root, "node_modules/esbuild"));
    const say = () => node(root, ["scripts/run.js", "scripts/say.ts", "words"]);
    await writeFile(join(root, "scripts/say.ts"), `console.log((await import("./words.js")).words, process.argv[2]);`);
    await writeFile(join(root, "scripts/words.ts"), `export const words: string = "old";`);
    const said = [await say(), await say()];
    await writeFile(join(root, "scripts/words.ts"), `export const words: string = "new";`);
    said.push(await say());
    expect(said).toEqual(["old words\n", "old words\n", "new words\n"]);
  });
});
