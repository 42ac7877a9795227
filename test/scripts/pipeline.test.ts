import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runScript, startScript, temporaryProject } from "./temporary-project.js";

// Each of these starts real processes, of which a small machine runs a few at once.
const timeout = 60_000;

describe("npm run generate", { timeout, concurrent: true }, () => {
  it("leaves files that are as they should be alone", async () => {
    const { root } = await temporaryProject();
    const { code, output } = await runScript(root, "generate");
    expect(output).toMatch(/^unchanged {2}generated\/openrouter\/client\.ts$/m);
    expect(output).not.toContain("written");
    expect(code).toBe(0);
  });

  it("writes what is missing or stale, removes what no spec gives, and shows no banner", async () => {
    const { root, edit, read } = await temporaryProject();
    const before = await read("generated");
    await edit("generated/estuary/client.ts", "api.estuary.tech", "example.test");
    await rm(join(root, "generated/cockroach/types.ts"));
    await writeFile(join(root, "generated/openrouter/types.ts.5f.tmp"), "half a file");
    const { code, output } = await runScript(root, "generate");
    expect(output.match(/^(written|removed) .*$/gm)).toEqual([
      "written    generated/estuary/client.ts",
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
      change: "a pagination by a parameter that does not exist",
      file: "spec/openrouter.yaml",
      search: "offsetParam: offset",
      replacement: "offsetParam: skip",
      says: 'offsetParam "skip" is not a query parameter',
    },
  ])("refuses $change and changes no file", async ({ file, search, replacement, says }) => {
    const { root, edit, read } = await temporaryProject();
    await edit("generated/openrouter/client.ts", "https://openrouter.ai", "https://example.test");
    const before = await read("generated");
    await edit(file, search, replacement);
    const { code, output } = await runScript(root, "generate");
    expect(output).toContain(says);
    expect(output).toContain("nothing was written");
    expect(code).toBe(1);
    expect(await read("generated")).toEqual(before);
  });

  it("with --watch follows saves, shows a broken spec's findings, and goes on", async () => {
    const { root, edit, read } = await temporaryProject();
    const run = startScript(root, "generate", ["--watch"]);
    try {
      let at = await run.printed("watching");
      await edit("spec/cockroach.yaml", "operationId: getApiKey", "operationId: readApiKey");
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
      await run.printed("done", at);
      expect(Object.values(await read("generated")).join()).toContain("export function fetchApiKey(");
    } finally {
      run.child.kill();
      await run.ended;
    }
  });
});

describe("npm run check", { timeout, concurrent: true }, () => {
  it("passes when every generated file is what the specs say", async () => {
    const { root } = await temporaryProject();
    expect(await runScript(root, "check")).toEqual({
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
    const renamed = await runScript(root, "check");
    expect(renamed.output).toContain(`stale     generated/${provider}/types.ts`);
    for (const other of ["estuary", "openrouter", "cockroach"].filter((name) => name !== provider)) {
      expect(renamed.output).not.toContain(`generated/${other}/`);
    }
    expect(renamed.code).toBe(1);
    await edit(`spec/${provider}.yaml`, new RegExp(`${property}_2`, "g"), property);
    expect((await runScript(root, "check")).code).toBe(0);
  });

  it("lists everything that is wrong, not only the first", async () => {
    const { root, edit, read } = await temporaryProject();
    await edit("generated/openrouter/client.ts", "https://openrouter.ai", "https://example.test");
    await edit("generated/cockroach/types.ts", "next_page", "nextPage");
    await rm(join(root, "generated/estuary/client.ts"));
    await writeFile(join(root, "generated/old.ts"), "");
    const before = await read("generated");
    const { code, output } = await runScript(root, "check");
    expect(output.split("\n").slice(0, 4)).toEqual([
      "missing   generated/estuary/client.ts",
      "stale     generated/openrouter/client.ts",
      "stale     generated/cockroach/types.ts",
      "orphaned  generated/old.ts",
    ]);
    expect(code).toBe(1);
    expect(await read("generated")).toEqual(before);
  });

  it("names a spec that cannot be read", async () => {
    const { root, edit } = await temporaryProject();
    await edit("spec/openrouter.yaml", "paths:\n", "paths: [\n");
    const { code, output } = await runScript(root, "check");
    expect(output).toMatch(/^spec\/openrouter\.yaml: /);
    expect(code).toBe(1);
  });
});
