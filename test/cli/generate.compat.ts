/** `keysmith generate`: what it writes of a spec that is not keysmith's own, what it refuses, and what it leaves alone. */
import { readdir, readFile, stat, symlink, writeFile, mkdir, cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dump } from "js-yaml";
import { describe, expect, it } from "vitest";
import { run } from "../helpers/processes.js";
import { changedDocument } from "../helpers/specs.js";
import { inProcess } from "./in-process.js";
import { commandFile, temporaryFolder, useCommand } from "./keysmith.js";

useCommand();

const lantern = new URL("../package/fourth-provider/lantern.yaml", import.meta.url);
const FILES = ["api.ts", "client.ts", "index.ts", "types.ts"];

/** A folder with a spec in it. */
async function folderWith(name: string, text: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, name), text);
  return folder;
}

async function filesOf(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return Object.fromEntries(names.sort().map((name, at) => [name, texts[at] ?? ""]));
}

describe("generate", () => {
  it("writes types, a table, a client and what has them all, and leaves what is as it should be alone", async () => {
    const cwd = await folderWith("lantern.yaml", await readFile(lantern, "utf8"));
    const args = ["generate", "lantern.yaml", "--out", "src/generated"];
    const first = await inProcess(args, { cwd });
    expect(first.stderr).not.toContain("keysmith:");
    expect(first.code).toBe(0);
    const files = await filesOf(join(cwd, "src/generated"));
    expect(Object.keys(files)).toEqual(FILES);
    for (const text of Object.values(files)) {
      expect(text).toMatch(
        /^\/\*\*\n \* .* of lantern\.yaml\.\n \* Generated: change the spec and run `keysmith generate`\./,
      );
      expect(text).not.toMatch(/from "\.\.\//);
    }
    expect(files["api.ts"]).toContain('import type { Api } from "keysmith/kit";');
    expect(files["api.ts"]).toMatch(/provider: "lantern",[^]*as const satisfies Api;/);
    expect(files["client.ts"]).toContain("export function createApiKey(");
    const before = await stat(join(cwd, "src/generated/types.ts"));
    const again = await inProcess(args, { cwd });
    expect(again.stdout.match(/^\w+ +src\/generated\/\w+\.ts$/gm)).toEqual(
      ["types.ts", "api.ts", "client.ts", "index.ts"].map((file) => `unchanged  src/generated/${file}`),
    );
    expect((await stat(join(cwd, "src/generated/types.ts"))).ino).toBe(before.ino);
  });

  it("takes another name, and a document that is JSON", async () => {
    const cwd = await folderWith("Key API v2.json", JSON.stringify(changedDocument(lantern, {})));
    expect(await inProcess(["generate", "Key API v2.json", "--out", "."], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"Key API v2" is no name of a provider: give --name') as unknown,
    });
    expect(await readdir(cwd)).toEqual(["Key API v2.json"]);
    const { code } = await inProcess(["generate", "Key API v2.json", "--out", ".", "--name", "lantern"], { cwd });
    expect(code).toBe(0);
    expect((await filesOf(cwd))["api.ts"]).toMatch(/^\/\*\*\n \* Table of Key_API_v2\.json\.[^]*provider: "lantern"/);
  });

  const LIST = "/paths/~1keys/get";
  const CREATE = "/paths/~1keys/post";
  const REVOKE = "/paths/~1keys~1{id}/delete";
  const text = { type: "string" };
  it.each([
    {
      given: "a cookie as credential",
      change: { "/components/securitySchemes/bearerAuth": { type: "apiKey", in: "cookie", name: "a" } },
      place: "/security",
      want: "the credential must be sent by http bearer",
    },
    {
      given: "no address",
      change: { "/servers": [{ url: "/api" }] },
      place: "/servers",
      want: "must have an https URL",
    },
    {
      given: "a key of which nothing is said",
      change: { "/components/schemas/ApiKey/x-key-fields": undefined },
      place: "/components/schemas",
      want: "must say in x-key-fields",
    },
    {
      given: "two parameters in a path",
      change: {
        "/paths/~1a~1{a}~1b~1{b}": { delete: { operationId: "deleteB", "x-idempotent": true, responses: {} } },
      },
      place: "/paths/~1a~1{a}~1b~1{b}/delete",
      want: "the path has more than one parameter (a, b)",
    },
    {
      given: "a body of several parts",
      change: { [`${CREATE}/requestBody/content`]: { "multipart/form-data": { schema: text } } },
      place: `${CREATE}/requestBody`,
      want: "not as multipart/form-data",
    },
    {
      given: "an answer that is no JSON",
      change: { [`${CREATE}/responses/201/content`]: { "text/csv": { schema: text } } },
      place: `${CREATE}/responses/201`,
      want: "a success is read as JSON, not as text/csv",
    },
    {
      given: "a cookie",
      change: { [`${REVOKE}/parameters`]: [{ name: "a", in: "cookie", schema: text }] },
      place: REVOKE,
      want: "is a cookie, and none are sent",
    },
    {
      given: "an object in a query",
      change: { [`${REVOKE}/parameters`]: [{ name: "a", in: "query", schema: { type: "object" } }] },
      place: REVOKE,
      want: "is an object, which is not sent",
    },
    {
      given: "pages that nobody can walk",
      change: { [`${LIST}/x-redoclyPagination/style`]: "odd" },
      place: `${LIST}/x-redoclyPagination`,
      want: "style",
    },
    {
      given: "a method that is not sent",
      change: { "/paths/~1keys/head": { operationId: "headKey", "x-idempotent": true, responses: {} } },
      place: "/paths/~1keys/head",
      want: "the method head is not sent",
    },
    {
      given: "a pattern that may take for ever",
      change: { "/components/schemas/CreateApiKeyResponse/properties/secret/pattern": "^(a+)+$" },
      place: CREATE,
      want: "must have at most one unbounded repetition",
    },
    {
      given: "a reference that leads out of the document",
      change: { "/components/schemas/ApiKey/properties/label": { $ref: "other.yaml#/Name" } },
      place: "",
      want: "leaves the document; bundle it first",
    },
  ])("refuses $given, with the place and the reason, and writes nothing", async ({ change, place, want }) => {
    const cwd = await folderWith("lantern.yaml", dump(changedDocument(lantern, change)));
    await writeFile(join(cwd, "other.yaml"), "Name: { type: string }\n");
    const { code, stderr } = await inProcess(["generate", "lantern.yaml", "--out", "generated"], { cwd });
    expect(stderr).toContain(`keysmith: lantern.yaml: #${place}`);
    expect(stderr).toContain(want);
    expect(stderr).toContain("Nothing was written.");
    expect({ code, files: (await readdir(cwd)).sort() }).toEqual({ code: 1, files: ["lantern.yaml", "other.yaml"] });
  });

  it.each([
    {
      given: "what fails lint",
      text: dump(changedDocument(lantern, { [`${LIST}/summary`]: undefined })),
      want: [/operation-summary/, /lint failed/],
    },
    { given: "what is no YAML", text: "openapi: [\n", want: [/lantern\.yaml:\d+:\d+: /] },
    {
      given: "what is no OpenAPI document",
      text: "hello: world\n",
      want: [/expected an OpenAPI version 3\.0, 3\.1 or 3\.2/],
    },
    { given: "what is an older one", text: 'swagger: "2.0"\n', want: [/expected an OpenAPI version/] },
  ])("refuses $given, and writes nothing", async ({ text, want }) => {
    const cwd = await folderWith("lantern.yaml", text);
    const { code, stdout, stderr } = await inProcess(["generate", "lantern.yaml", "--out", "generated"], { cwd });
    for (const words of want) expect(stdout + stderr).toMatch(words);
    expect(stderr).not.toMatch(/\n {4}at |should not happen/);
    expect({ code, files: await readdir(cwd) }).toEqual({ code: 1, files: ["lantern.yaml"] });
  });

  it("says that there is no such spec", async () => {
    const cwd = await temporaryFolder();
    const { code, stderr } = await inProcess(["generate", "lantern.yaml", "--out", "generated"], { cwd });
    expect(stderr).toContain("keysmith: lantern.yaml: it cannot be read: there is no such file. Nothing was written.");
    expect({ code, files: await readdir(cwd) }).toEqual({ code: 1, files: [] });
  });

  it("overwrites no file that it did not make, and then writes none", async () => {
    const cwd = await folderWith("lantern.yaml", await readFile(lantern, "utf8"));
    await writeFile(join(cwd, "index.ts"), "export const mine = 1;\n");
    const { code, stderr } = await inProcess(["generate", "lantern.yaml", "--out", "."], { cwd });
    expect(stderr).toContain(
      "index.ts: `keysmith generate` did not make this file. Move it, or choose another folder.",
    );
    expect(code).toBe(1);
    expect((await readdir(cwd)).sort()).toEqual(["index.ts", "lantern.yaml"]);
    expect(await readFile(join(cwd, "index.ts"), "utf8")).toBe("export const mine = 1;\n");
  });

  it("leaves nothing half written where a file cannot be", async () => {
    const cwd = await folderWith("lantern.yaml", await readFile(lantern, "utf8"));
    await writeFile(join(cwd, "generated"), "no folder");
    const { code, stderr } = await inProcess(["generate", "lantern.yaml", "--out", "generated"], { cwd });
    expect(stderr).toMatch(/keysmith: generated\/types\.ts: ENOTDIR/);
    expect({ code, files: (await readdir(cwd)).sort() }).toEqual({ code: 1, files: ["generated", "lantern.yaml"] });
  });

  it("says what to install where the packages that it needs are not there", async () => {
    const cwd = await folderWith("lantern.yaml", await readFile(lantern, "utf8"));
    // The bundled command away from any node_modules.
    await cp(join(commandFile(), ".."), join(cwd, "command"), { recursive: true });
    await mkdir(join(cwd, "node_modules"));
    for (const name of ["commander", "leven", "cliui", "string-width", "js-yaml", "openapi-fetch", "@bomb.sh"]) {
      await symlink(
        fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url)),
        join(cwd, "node_modules", name),
      );
    }
    await writeFile(join(cwd, "command/package.json"), await readFile("package.json", "utf8"));
    const program = run(process.execPath, [join(cwd, "command/main.mjs"), "generate", "lantern.yaml", "--out", "g"], {
      cwd,
    });
    await expect(program).rejects.toThrow(
      "generate needs packages that are not installed beside keysmith: " +
        "npm install --save-dev @redocly/openapi-core@2.64 openapi-typescript@7 oxfmt@0.79 typescript@5",
    );
    expect((await readdir(cwd)).sort()).toEqual(["command", "lantern.yaml", "node_modules"]);
  });

  it("says so where one of them is there in another line", async () => {
    const cwd = await folderWith("lantern.yaml", await readFile(lantern, "utf8"));
    await cp(join(commandFile(), ".."), join(cwd, "command"), { recursive: true });
    await cp("node_modules/commander", join(cwd, "node_modules/commander"), { recursive: true });
    const versions = {
      "@redocly/openapi-core": "2.64.0",
      "openapi-typescript": "7.13.0",
      oxfmt: "0.79.9",
      typescript: "7.0.2",
    };
    for (const [name, version] of Object.entries(versions)) {
      await mkdir(join(cwd, "node_modules", name), { recursive: true });
      await writeFile(join(cwd, "node_modules", name, "package.json"), JSON.stringify({ name, version }));
    }
    for (const name of ["leven", "cliui", "string-width", "js-yaml", "openapi-fetch", "@bomb.sh"]) {
      const target = fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url));
      await symlink(target, join(cwd, "node_modules", name));
    }
    await writeFile(join(cwd, "command/package.json"), await readFile("package.json", "utf8"));
    const args = [join(cwd, "command/main.mjs"), "generate", "lantern.yaml", "--out", "g"];
    await expect(run(process.execPath, args, { cwd })).rejects.toThrow(
      "not installed beside keysmith (typescript is there as 7.0.2): npm install --save-dev typescript@5",
    );
  });
});
