/** A provider is added as CONTRIBUTING.md says, and everything works with it. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { node, Program, run } from "../helpers/processes.js";
import { addLantern, guide, placeLantern, roomFiles } from "./lantern.js";
import { temporaryPackage } from "./temporary-package.js";

describe("a fourth provider", () => {
  let copy: Awaited<ReturnType<typeof temporaryPackage>>;
  let generated: string;
  let project: string;

  beforeAll(async () => {
    copy = await temporaryPackage();
    await addLantern(copy);
    generated = await copy.script("generate");
    await copy.script("build");
    ({ project } = await copy.install());
    await writeFile(join(project, "package.json"), '{ "type": "module" }');
  });
  afterAll(() => copy.remove());

  /** Runs a program that uses the installed package, and gives the lines that it prints, each of which is JSON. */
  async function program(text: string): Promise<unknown[]> {
    await writeFile(join(project, "program.js"), `const print = (value) => console.log(JSON.stringify(value));${text}`);
    const output = await node(project, ["program.js"]);
    return output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
  }

  const command = () => join(project, "node_modules/keysmith/dist/src/cli/main.js");

  /** The variables that lead to the command's own sandbox, which is served for as long as a test runs. */
  async function served(): Promise<NodeJS.ProcessEnv> {
    const sandbox = new Program(process.execPath, [command(), "sandbox", "--port", "0"]);
    onTestFinished(async () => {
      await sandbox.end();
    });
    await sandbox.printed("Ctrl-C ends it");
    const exported = sandbox.stdout.matchAll(/^export (\w+)=(.+)$/gm);
    return Object.fromEntries(Array.from(exported, ([, name = "", value]) => [name, value] as const));
  }

  it("has the files that the guide names, and no other", async () => {
    const named = Array.from((await guide()).matchAll(/^ +\| `(\w+\.ts)`/gm), ([, file]) => file);
    expect(await roomFiles()).toEqual(named.sort());
  });

  it("passes lint, and gives types, a client and an entry; what is generated of the others stays", () => {
    const files = ["types.ts", "api.ts", "client.ts", "index.ts"];
    const written = generated.match(/(?<=^written +)\S+/gm) ?? [];
    expect(written).toEqual(expect.arrayContaining(files.map((file) => `generated/lantern/${file}`)));
    expect(written.filter((file) => /estuary|openrouter|cockroach/.test(file))).toEqual([]);
  });

  it("compiles with every other source", async () => {
    const config = { extends: "./tsconfig.json", include: ["src", "generated"] };
    await writeFile(join(copy.root, "tsconfig.sources.json"), JSON.stringify(config));
    await copy.compile("tsconfig.sources.json");
  });

  it("is an entry of the package, with its types and its spec", async () => {
    const use = `import { lantern, Secret, type ApiKey, type Providers } from "keysmith";
      import { listApiKeys, createClient, type wire, type LanternKeys, type LanternWords } from "keysmith/lantern";
      import type { lantern as schemas, LanternCreateInput } from "keysmith/types";
      export const keys: LanternKeys = lantern({ apiKey: new Secret("a") });
      export const label = (key: ApiKey<"lantern">): string => key.raw.label;
      export const page: Promise<unknown> = listApiKeys(createClient());
      export const key: wire.ApiKey = { id: "k1", label: "a" } satisfies schemas.ApiKey;
      export const input: LanternCreateInput = { name: "a" } satisfies Providers["lantern"]["input"];
      export type Words = LanternWords;
      // @ts-expect-error a name is required
      export const created = keys.create({});
      // @ts-expect-error a key cannot be changed
      export const updated = keys.update("k1", {});`;
    const compilerOptions = { lib: ["es2022", "dom"], module: "nodenext", noEmit: true, strict: true, types: [] };
    await writeFile(join(project, "use.ts"), use);
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
    await copy.compile(project);
    expect(await program('print(import.meta.resolve("keysmith/spec/lantern.yaml"));')).toEqual([
      expect.stringMatching(/keysmith\/spec\/lantern\.yaml$/),
    ]);
  });

  const IN_PROCESS = `
    import { audit, lantern, rotate } from "keysmith";
    import { createSandbox } from "keysmith/sandbox";
    const sandbox = createSandbox();
    const connect = (apiKey) => lantern({ apiKey, fetch: sandbox.fetch });
    const keys = connect(sandbox.credentials.lantern);`;

  it("lists page by page, creates and revokes", async () => {
    const output = await program(`${IN_PROCESS}
      sandbox.issue("lantern", { label: "a" });
      const created = await keys.create({ name: "deploy" });
      print([created.id, created.name, String(created.secret), created.secret.reveal().slice(0, 4)]);
      for await (const page of keys.list().pages()) print(page);
      await keys.revoke(created);
      print(sandbox.keys("lantern"));
      print(await keys.revoke(created).catch((error) => error.name));
      print(await connect("wrong").list().toArray().catch((error) => error.name));
      print(await keys.revoke(created.secret.reveal()).catch((error) => error.message));`);
    const [sandbox, a, deploy] = ["sandbox", "a", "deploy"].map((label, at) => ({ id: `k${at + 1}`, label }));
    const listed = (raw = sandbox) => ({ provider: "lantern", id: raw?.id, name: raw?.label, raw });
    expect(output).toEqual([
      ["k3", "deploy", "[secret]", "lan_"],
      [listed(sandbox), listed(a)],
      [listed(deploy)],
      [sandbox, a],
      "NotFoundError",
      "AuthenticationError",
      expect.stringContaining("that is the plaintext of a key"),
    ]);
  });

  it("names the candidates where the answer to a create was lost", async () => {
    const output = await program(`${IN_PROCESS}
      sandbox.issue("lantern", { label: "other" });
      sandbox.fail({ kind: "lost", when: "after", operation: "lantern.createApiKey" });
      const unknown = await keys.create({ name: "deploy" }).catch((error) => error);
      print(unknown.name);
      print((await unknown.candidates()).map(({ key, reason }) => [key.name, reason]));`);
    expect(output).toEqual([
      "CreateOutcomeUnknownError",
      [["deploy", expect.stringMatching(/same name.*does not tell/)]],
    ]);
  });

  it("rotates a key, and audits what is told of it", async () => {
    const output = await program(`${IN_PROCESS}
      const old = sandbox.issue("lantern", { label: "deploy" });
      let stored;
      const { retired, new: made } = await rotate(keys, old.id, { store: (secret) => void (stored = secret.reveal()) });
      const listed = await connect(stored).list().toArray();
      print([retired, made.name, listed.map(({ id }) => id)]);
      print(audit(listed).filter(({ id }) => id === made.id).map(({ rule, status, message }) => [rule, status, message]));`);
    expect(output).toEqual([
      ["revoked", "deploy", ["k1", "k3"]],
      [
        ["age", "unknown", "lantern does not tell when it was created."],
        ["unused", "unknown", "lantern does not tell when it was last used."],
      ],
    ]);
  });

  it("loses no access where a rotation is killed at any of its requests and run again", async () => {
    const env = await served();
    await writeFile(
      join(project, "rotating.js"),
      `import { readFileSync, renameSync, writeFileSync } from "node:fs";
      import { lantern, rotate } from "keysmith";
      const [id, killedAt] = process.argv.slice(2);
      let requests = 0;
      const keys = lantern({
        fetch: async (url, init) => {
          const response = await fetch(url, init);
          if (++requests === Number(killedAt)) process.kill(process.pid, "SIGKILL");
          return response;
        },
      });
      const { healed } = await rotate(keys, id, {
        store: (secret, key) => {
          writeFileSync("store.tmp", JSON.stringify({ id: key.id, secret: secret.reveal() }));
          renameSync("store.tmp", "store.json");
        },
        held: (id) => JSON.parse(readFileSync("store.json", "utf8")).id === id,
        minAgeMs: 0,
      });
      console.log(healed ? "healed" : "rotated");`,
    );
    const rotating = async (id: string, killedAt = Infinity) => {
      const program = new Program(process.execPath, ["rotating.js", id, String(killedAt)], { cwd: project, env });
      const { stdout, stderr } = await program.ended;
      return program.ending === "SIGKILL" ? "killed" : stdout.trim() || stderr;
    };
    const asked = async (method: string, path: string, credential = env["LANTERN_API_KEY"], body?: object) => {
      const headers = { authorization: `Bearer ${credential ?? ""}` };
      const response = await fetch(`${env["LANTERN_BASE_URL"] ?? ""}${path}`, {
        method,
        headers,
        body: body ? JSON.stringify(body) : null,
      });
      return JSON.parse((await response.text()) || "null") as unknown;
    };
    const ended: string[] = [];
    for (let killedAt = 1, killed = true; killed; killedAt++) {
      const old = (await asked("POST", "/keys", undefined, { label: "deploy" })) as { id: string };
      await writeFile(join(project, "store.json"), JSON.stringify(old));
      const first = await rotating(old.id, killedAt);
      killed = first === "killed";
      ended.push(killed ? await rotating(old.id) : first);
      const held = JSON.parse(await readFile(join(project, "store.json"), "utf8")) as { id: string; secret: string };
      expect(await asked("GET", "/keys", held.secret)).toEqual({
        keys: [
          { id: "k1", label: "sandbox" },
          { id: held.id, label: expect.stringMatching(/^deploy\b/) as unknown },
        ],
      });
      await asked("DELETE", `/keys/${held.id}`);
    }
    const [last, afterRetiring, ...earlier] = ended.reverse();
    expect([last, afterRetiring]).toEqual(["rotated", expect.stringContaining("there is no such key")]);
    expect(new Set(earlier)).toEqual(new Set(["healed", "rotated"]));
  });

  it("is served by the command's sandbox, and its keys are managed there by the command, with its flags", async () => {
    const env = await served();
    const keysmith = async (...args: string[]) => {
      const { ended } = new Program(process.execPath, [command(), ...args], { cwd: project, env });
      const { code, stdout, stderr } = await ended;
      return { code, output: stdout + stderr };
    };
    const sink = ["--dotenv", ".env", "--variable", "LANTERN_KEY"];
    const secretOf = async () => (await readFile(join(project, ".env"), "utf8")).trim();
    expect(await keysmith("create", "lantern", ...sink)).toEqual({
      code: 2,
      output: expect.stringContaining(
        "lantern requires --name <text>. See the options of lantern with --help.",
      ) as unknown,
    });
    expect(await keysmith("create", "lantern", "--name", "deploy", ...sink)).toMatchObject({ code: 0 });
    const first = await secretOf();
    expect(first).toMatch(/^LANTERN_KEY=\W?lan_[0-9a-f]{32}\W?$/);
    expect(await keysmith("rotate", "lantern", "k2", "--name", "renamed", ...sink, "--yes")).toMatchObject({ code: 0 });
    expect(await secretOf()).not.toBe(first);
    expect((await keysmith("list", "lantern")).output).toMatch(/ renamed +k3$/m);
    expect((await keysmith("audit", "lantern")).output).toContain("lantern does not tell when it was created.");
    expect(await keysmith("orphans", "lantern")).toMatchObject({ code: 0 });
    expect(await keysmith("revoke", "lantern", "k3", "--yes")).toMatchObject({ code: 0 });
    expect((await keysmith("list", "lantern")).output).not.toContain("renamed");
    expect(await keysmith("list", "lantern", "--include-disabled")).toEqual({
      code: 2,
      output: expect.stringContaining("lantern knows no --include-disabled; that is for openrouter") as unknown,
    });
    const { output } = await keysmith("create", "lantern", "--help");
    expect(output).toMatch(/^Options of lantern:\n +--name <text> +what people call it; required\n\n/m);
  });

  it("leaves usage and help as they are, wherever it stands in redocly.yaml", async () => {
    const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
    const usage = () =>
      run(process.execPath, [vitest, "run", "--project", "unit", "test/cli/usage.test.ts"], { cwd: copy.root });
    await usage();
    await placeLantern(copy, "last");
    await copy.script("generate");
    await usage();
  });
});
