/** Where the benchmarks work: a folder outside of the repository, in which the package and its peers can be imported. */
import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../helpers/processes.js";

export interface Workplace {
  /** The repository. */
  root: string;
  folder: string;
  /** Of the peers, and of what the repository itself generates with: by name, in order. */
  versions: ReadonlyMap<string, string>;
  /** Writes files and gives the path of the first. */
  write: (files: Record<string, string>) => Promise<string>;
  /** The path of a program that a package brings. */
  bin: (name: string, program: string) => Promise<string>;
  remove: () => Promise<void>;
}

const OURS = ["@redocly/cli", "openapi-typescript", "typescript", "oxfmt", "esbuild"];

export async function createWorkplace(root: string): Promise<Workplace> {
  const peers = await installPeers(root);
  const versions = new Map<string, string>();
  const folder = await mkdtemp(join(tmpdir(), "keysmith-bench-"));
  const packages = join(folder, "node_modules");
  const link = async (name: string, target: string) => {
    await mkdir(dirname(join(packages, name)), { recursive: true });
    await symlink(target, join(packages, name));
  };
  await link("keysmith", root);
  for (const [names, from] of [
    [peers.filter((name) => !OURS.includes(name)), join(root, "test/bench/node_modules")],
    [OURS, join(root, "node_modules")],
  ] as const) {
    for (const name of names) {
      versions.set(name, (await manifestOf(join(from, name))).version);
      await link(name, join(from, name));
    }
  }
  return {
    root,
    folder,
    versions: new Map([...versions].sort()),
    write: async (files) => {
      for (const [name, text] of Object.entries({ "package.json": '{"type": "module"}', ...files })) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), text);
      }
      return join(folder, Object.keys(files)[0] ?? "");
    },
    bin: async (name, program) => {
      const { bin = {} } = await manifestOf(join(packages, name));
      const file = typeof bin === "string" ? bin : bin[program];
      if (file === undefined) throw new Error(`${name} has no program ${program}.`);
      return join(packages, name, file);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/** Installs what test/bench/package.json pins, unless it is there already, and gives the names. */
async function installPeers(root: string): Promise<string[]> {
  const folder = join(root, "test/bench");
  const installed = await stat(join(folder, "node_modules/.package-lock.json")).catch(() => undefined);
  if ((installed?.mtimeMs ?? 0) < (await stat(join(folder, "package-lock.json"))).mtimeMs) {
    // Some have programs that run at installation: none is needed.
    await run("npm", ["ci", "--ignore-scripts"], { cwd: folder, env: process.env });
  }
  return Object.keys((await manifestOf(folder)).dependencies ?? {});
}

interface Manifest {
  version: string;
  bin?: string | Record<string, string>;
  dependencies?: object;
}

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
}

/** A copy of what the pipeline reads, to be changed. `generated/` is left out: everything is to be written. */
export async function copyPipeline({ root, folder }: Workplace, name: string): Promise<string> {
  const copy = join(folder, name);
  for (const path of ["redocly.yaml", "spec", "scripts"]) {
    await cp(join(root, path), join(copy, path), { recursive: true });
  }
  return copy;
}
