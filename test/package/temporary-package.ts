import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { node, run } from "../helpers/processes.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** What is made anew, or belongs to one machine. */
const left = new Set([".git", "coverage", "dist", "node_modules", "site"]);

/** A copy of the project that can be changed and built. */
export async function temporaryPackage() {
  const root = await mkdtemp(join(tmpdir(), "keysmith-package-"));
  await cp(repository, root, { recursive: true, filter: (path) => !left.has(basename(path)) });
  await symlink(join(repository, "node_modules"), join(root, "node_modules"));
  return {
    root,
    read: (file: string) => readFile(join(root, file), "utf8"),
    /** Its own TypeScript. @throws with the diagnostics. */
    compile: (project: string) =>
      node(root, [join(repository, "node_modules/typescript/bin/tsc"), "-p", project, "--incremental", "false"]),
    /** A program of the repository's, at work on the copy. @throws with its output. */
    script: (name: string, ...args: string[]) =>
      node(root, [join(repository, "scripts/run.js"), `scripts/${name}.ts`, ...args]),
    /** Packs the package and unpacks it into a project, which has nothing else but the package's dependencies. */
    install: async () => {
      const project = join(root, "project");
      const installed = join(project, "node_modules/keysmith");
      await mkdir(installed, { recursive: true });
      const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--pack-destination", project], { cwd: root });
      const tarball = join(project, stdout.trim());
      await run("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
      for (const dependency of ["openapi-fetch", "openapi-typescript-helpers"]) {
        await symlink(join(repository, "node_modules", dependency), join(project, "node_modules", dependency));
      }
      return { project, installed, tarball };
    },
    remove: () => rm(root, { recursive: true }),
  };
}

/** Packs the package of a folder into another one, and gives the tarball's path. */
export async function packed(folder: string, destination: string): Promise<string> {
  const args = ["pack", "--ignore-scripts", "--silent", "--pack-destination", destination];
  const { stdout } = await run("npm", args, { cwd: folder });
  return join(destination, stdout.trim());
}

/** The tarballs of a built package and of what it depends on, by which it can be installed without a registry. */
export async function packedWhole(folder: string, destination: string): Promise<string[]> {
  const modules = ["openapi-fetch", "openapi-typescript-helpers"].map((name) => join(repository, "node_modules", name));
  return Promise.all([folder, ...modules].map((one) => packed(one, destination)));
}

/** Installs tarballs into a folder, by npm. */
export async function installFrom(tarballs: readonly string[], folder: string, ...options: string[]): Promise<void> {
  const args = ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", ...options, ...tarballs];
  await run("npm", args, { cwd: folder });
}

/** Every file of a folder, by its path within it. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
