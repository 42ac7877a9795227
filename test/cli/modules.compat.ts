/** Providers of other packages, which the command is given by `--provider` and by keysmith.json. */
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { node, Program } from "../helpers/processes.js";
import { exportedBy, guidesProgram, writeOutside } from "../package/outside.js";
import { environment, temporaryFolder } from "./keysmith.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A project with keysmith, as it is in the working tree, and beside it the package of the guide. */
let project: string;
const command = () => join(project, "node_modules/keysmith/cli/main.js");

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "keysmith-outside-"));
  const keysmith = join(project, "node_modules/keysmith");
  await build({
    absWorkingDir: repository,
    entryPoints: ["src/index.ts", "src/kit/index.ts", "src/kit/sandbox.ts", "src/sandbox/index.ts", "src/cli/main.ts"],
    outbase: "src",
    outdir: keysmith,
    bundle: true,
    splitting: true,
    external: ["@redocly/*", "openapi-typescript", "oxfmt", "typescript"],
    platform: "node",
    target: "node20",
    format: "esm",
    // What the command's libraries take from Node by `require`.
    banner: {
      js: 'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);',
    },
  });
  const exports = {
    ".": "./index.js",
    "./kit": "./kit/index.js",
    "./kit/sandbox": "./kit/sandbox.js",
    "./sandbox": "./sandbox/index.js",
  };
  await writeFile(
    join(keysmith, "package.json"),
    JSON.stringify({ name: "keysmith", version: "1.2.3", type: "module", exports }),
  );
  const lantern = join(project, "node_modules/keysmith-lantern");
  await writeOutside(lantern);
  // It needs what only the repository has installed: there, by the same sources.
  const { generateOutside } = await import("../../scripts/generate/outside.js");
  const spec = join(lantern, "lantern.yaml");
  await generateOutside({ spec, out: join(lantern, "src/generated"), name: "lantern", rules: repository });
  await build({
    entryPoints: [join(lantern, "src/index.ts")],
    outfile: join(lantern, "dist/index.js"),
    bundle: true,
    external: ["keysmith", "openapi-fetch"],
    format: "esm",
  });
  await mkdir(join(project, "node_modules/openapi-fetch"));
  const stub = "export default () => undefined;\n";
  await writeFile(join(project, "node_modules/openapi-fetch/index.js"), stub);
  await writeFile(join(project, "node_modules/openapi-fetch/package.json"), '{ "type": "module", "main": "index.js" }');
  await writeFile(join(project, "package.json"), '{ "type": "module" }');
});
afterAll(() => rm(project, { recursive: true }));

interface Run {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

async function keysmith(args: string[], { cwd = project, env = {} }: Run = {}) {
  const { code, stdout, stderr } = await new Program(process.execPath, [command(), ...args], {
    cwd,
    env: environment(env),
  }).ended;
  return { code, stdout, stderr };
}

const BY_PACKAGE = ["--provider", "keysmith-lantern"];

function served(): Promise<NodeJS.ProcessEnv> {
  const args = [command(), ...BY_PACKAGE, "sandbox", "--port", "0"];
  return exportedBy(new Program(process.execPath, args, { cwd: project, env: environment({}) }));
}

describe("a provider of another package", () => {
  it("works from code: the guide's program, a lost answer, an audit, orphans", async () => {
    const program = `import { createSandbox } from "keysmith/sandbox";
      import { audit, findOrphans, rotate } from "keysmith";
      import { lantern } from "keysmith-lantern";
      const print = (value) => console.log(JSON.stringify(value));
      const sandbox = createSandbox();
      const keys = lantern({ apiKey: sandbox.credentials.lantern, fetch: sandbox.fetch });
      sandbox.issue("lantern", { label: "other" });
      sandbox.fail({ kind: "lost", when: "after", operation: "lantern.createApiKey" });
      const unknown = await keys.create({ name: "deploy" }).catch((error) => error);
      const candidates = await unknown.candidates();
      print([unknown.name, candidates.map(({ key }) => key.name)]);
      await keys.revoke(candidates[0].key);
      const old = await keys.create({ name: "deploy" });
      let stored = old.secret.reveal();
      const store = (secret) => void (stored = secret.reveal());
      const { new: made, retired } = await rotate(keys, old.id, { store, read: () => stored });
      print([retired, made.name, sandbox.keys("lantern").map(({ id }) => id)]);
      print(audit(await keys.list().toArray()).map(({ rule, status, provider }) => [rule, status, provider])[0]);
      print(await keys.revoke(stored).catch((error) => error.message));
      print((await findOrphans(keys)).map(({ verdict }) => verdict));
      globalThis.fetch = sandbox.fetch;
      process.env.LANTERN_API_KEY = sandbox.credentials.lantern;
      await import("./guide.js");`;
    await writeFile(join(project, "program.js"), program);
    await writeFile(join(project, "guide.js"), await guidesProgram());
    const lines = (await node(project, ["program.js"])).trim().split("\n");
    expect(lines.slice(0, 5).map((line) => JSON.parse(line) as unknown)).toEqual([
      ["CreateOutcomeUnknownError", ["deploy"]],
      ["revoked", "deploy", ["k1", "k2", "k5"]],
      ["age", "unknown", "lantern"],
      expect.stringContaining("that is the plaintext of a key"),
      [expect.any(String)],
    ]);
    expect(lines.slice(5)).toContain("deploy lantern does not tell when it was created.");
  });

  it("is not known to what has not loaded it, which says what to do", async () => {
    const program = `import { audit } from "keysmith";
      try { audit([{ provider: "lantern", id: "k1", name: "a", raw: {} }]); } catch ({ name, message }) { console.log(name, message); }`;
    await writeFile(join(project, "program.js"), program);
    expect(await node(project, ["program.js"])).toMatch(
      /^ConfigurationError lantern: nothing is known .*defineProvider/,
    );
  });

  it("works from the command, with its flags, its help, its document and the sandbox", async () => {
    const env = await served();
    const own = (...args: string[]) => keysmith([...BY_PACKAGE, ...args], { env });
    const sink = ["--dotenv", ".env", "--variable", "LANTERN_KEY"];
    const secret = async () => (await readFile(join(project, ".env"), "utf8")).trim();
    expect(await own("create", "lantern", ...sink)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("lantern requires --name <text>.") as unknown,
    });
    expect(await own("create", "lantern", "--name", "deploy", ...sink)).toMatchObject({ code: 0 });
    const first = await secret();
    expect(first).toMatch(/^LANTERN_KEY=\W?lan_[0-9a-f]{32}\W?$/);
    expect((await own("list", "lantern")).stdout).toMatch(/^lantern +deploy .* k2$/m);
    expect(await own("rotate", "lantern", "k2", ...sink, "--yes")).toMatchObject({ code: 0 });
    expect(await secret()).not.toBe(first);
    expect(await own("audit", "lantern")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("lantern does not tell when it was created.") as unknown,
    });
    expect(await own("orphans", "lantern")).toMatchObject({ code: 0 });
    expect(await own("revoke", "lantern", "k3", "--yes")).toMatchObject({ code: 0 });
    expect((await own("list", "lantern", "--json")).stdout).not.toContain("deploy");
    expect((await own("get", "lantern", `lan_${"0".repeat(32)}`)).stderr).toContain("not its id");
    expect((await own("spec", "lantern")).stdout).toBe(
      await readFile(join(repository, "test/package/fourth-provider/lantern.yaml"), "utf8"),
    );
    const help = (await own("--help")).stdout;
    expect(help).toContain("LANTERN_API_KEY, LANTERN_BASE_URL");
    expect((await own("create", "lantern", "--help")).stdout).toMatch(/^Options of lantern:\n +--name <text>/m);
    expect((await keysmith(["list", "lantern"])).stderr).toContain('There is no provider "lantern".');
  });

  it("is found by a path, and by keysmith.json of the working folder, of no folder above it", async () => {
    const index = join(project, "node_modules/keysmith-lantern/dist/index.js");
    const listed = (args: string[], cwd?: string) => keysmith([...args, "--help"], cwd === undefined ? {} : { cwd });
    const knows = ({ stdout }: { stdout: string }) => stdout.includes("LANTERN_API_KEY");
    expect(knows(await listed([`--provider=${index}`]))).toBe(true);
    expect(knows(await listed(["--provider", "./node_modules/keysmith-lantern/dist/index.js"]))).toBe(true);
    const folder = join(project, "in-here");
    await mkdir(join(folder, "below"), { recursive: true });
    const file = join(folder, "keysmith.json");
    await writeFile(file, '{ "providers": ["keysmith-lantern"] }');
    expect(knows(await listed([], folder))).toBe(true);
    expect(knows(await listed([], join(folder, "below")))).toBe(false);
    // As editors of Windows save it.
    await writeFile(file, '\ufeff{ "providers": ["keysmith-lantern"] }');
    expect(knows(await listed([], folder))).toBe(true);
    // Named twice, it is one.
    expect(knows(await listed(BY_PACKAGE, folder))).toBe(true);
    // Nobody may be made to run what somebody else wrote.
    await chmod(file, 0o666);
    expect(await listed([], folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("keysmith.json: another user may have written it") as unknown,
    });
  });

  it("is not loaded while a shell completes a line", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "loud.js"), 'console.log("loaded");');
    await writeFile(join(cwd, "keysmith.json"), '{ "providers": ["./loud.js"] }');
    expect((await keysmith(["complete", "--", "list", ""], { cwd })).stdout).not.toContain("loaded");
    expect((await keysmith(["list", ""], { cwd })).stdout).toContain("loaded");
  });

  const whole = (change: string) => `import lantern from "keysmith-lantern";
    const { api, copy, flags } = lantern;
    export default { ...lantern, ${change} };`;
  it.each([
    {
      given: "no default export",
      text: "export const a = 1;",
      want: "defineProvider of keysmith/kit gives: there is none",
    },
    { given: "another one", text: "export default 1;", want: "gives: api.provider is missing" },
    { given: "no table", text: whole("api: undefined"), want: "gives: api.provider is missing" },
    {
      given: "another name",
      text: whole('api: { ...api, provider: "Lan tern" }'),
      want: "api.provider is not a name of lower-case letters",
    },
    {
      given: "plain http",
      text: whole('api: { ...api, baseUrl: "http://a.test" }'),
      want: "api.baseUrl is not an https URL",
    },
    {
      given: "no variable",
      text: whole('api: { ...api, credentialEnv: "A=B" }'),
      want: "api.credentialEnv is not the name of a variable",
    },
    { given: "no header", text: whole("api: { ...api, auth: [] }"), want: "api.auth is not a list of headers" },
    {
      given: "half an operation",
      text: whole('api: { ...api, operations: { listApiKeys: { method: "GET" } } }'),
      want: "api.operations is not operations by their names",
    },
    { given: "no factory", text: whole("connect: undefined"), want: "connect is missing" },
    { given: "no comparison", text: whole("copy: { ...copy, compare: 1 }"), want: "copy.compare is not a function" },
    { given: "no flags", text: whole("flags: undefined"), want: "flags.list is missing" },
    {
      given: "a flag of nothing",
      text: whole('flags: { ...flags, create: [{ flags: "--a" }] }'),
      want: "flags.create is not a list of flags",
    },
    {
      given: "an option that is taken",
      text: whole('flags: { ...flags, list: [{ flags: "--json", description: "a", field: "a" }] }'),
      want: "has an option that is taken. Error: Cannot add option '--json'",
    },
    {
      given: "a name of keysmith's own",
      text: whole('api: { ...api, provider: "openrouter" }'),
      want: "it defines openrouter, which is a provider of keysmith's own",
    },
    { given: "what fails", text: 'throw new Error("of its own");', want: "it cannot be loaded: of its own" },
    { given: "what is no code", text: "}{", want: "it cannot be loaded: " },
  ])("is refused with what is wrong, and where: $given", async ({ text, want }) => {
    await writeFile(join(project, "odd.js"), text);
    const { code, stdout, stderr } = await keysmith(["--provider", "./odd.js", "list", "lantern"]);
    expect(stderr).toContain(want);
    if (!want.includes("taken")) expect(stderr).toMatch(/^keysmith: --provider names \.\/odd\.js: /);
    expect(stderr).not.toMatch(/should not happen|\n {4}at /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  it.each([
    { given: ["--provider"], want: "--provider names no module. Give a package, or a path" },
    { given: ["--provider", "./none.js"], want: "--provider names ./none.js: there is no such file." },
    { given: ["--provider", "."], want: "--provider names .: there is no such file." },
    { given: ["--provider", "keysmith-none"], want: "it is not installed here: npm install keysmith-none." },
    {
      given: ["--provider", "data:text/javascript,1"],
      want: "it is neither a package nor a path that begins with . or /.",
    },
    { given: [], file: "[", want: "keysmith.json: " },
    {
      given: [],
      file: '["keysmith-lantern"]',
      want: 'keysmith.json: it has to be an object, and its "providers" a list',
    },
    {
      given: [],
      file: '{ "providers": [1] }',
      want: 'keysmith.json: it has to be an object, and its "providers" a list',
    },
    {
      given: [],
      file: '{ "providers": ["./none.js"] }',
      want: "keysmith.json names ./none.js: there is no such file.",
    },
  ])("that cannot be found is told so: $given $file", async ({ given, file, want }) => {
    const cwd = await temporaryFolder();
    if (file !== undefined) await writeFile(join(cwd, "keysmith.json"), file);
    const { code, stderr } = await keysmith(["list", "openrouter", ...given], { cwd });
    expect(stderr).toContain(
      `keysmith: ${want.startsWith("it ") ? `--provider names ${given[1] ?? ""}: ` : ""}${want}`,
    );
    expect(code).toBe(2);
  });
});
