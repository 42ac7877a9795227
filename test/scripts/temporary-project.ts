import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, vi } from "vitest";

import { Program } from "../helpers/processes.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

const folders: string[] = [];
const programs: Program[] = [];

/** To be called once by each file of tests: what it gives makes temporary projects, which are gone after the tests of the file. */
export function temporaryProjects(): typeof temporaryProject {
  afterAll(async () => {
    // Those that a test which failed has left running.
    await Promise.all(programs.splice(0).map((program) => program.end()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });
  return temporaryProject;
}

/** A copy of what the pipeline reads and writes. */
async function temporaryProject() {
  const root = await mkdtemp(join(tmpdir(), "keysmith-"));
  folders.push(root);
  for (const path of ["redocly.yaml", "spec", "generated", "scripts/redocly/lint-plugin.js"]) {
    await cp(join(repository, path), join(root, path), { recursive: true });
  }
  return {
    root,
    /** Replaces text in a file; fails where there is nothing to replace. */
    edit: async (file: string, search: string | RegExp, replacement: string): Promise<void> => {
      const text = await readFile(join(root, file), "utf8");
      const edited = text.replace(search, replacement);
      if (edited === text) throw new Error(`${file} holds nothing like ${String(search)}`);
      await writeFile(join(root, file), edited);
    },
    /** Every file of a folder with its text. */
    read: async (folder: string): Promise<Record<string, string>> => {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      return Object.fromEntries(
        await Promise.all(files.map(async (file) => [file, await readFile(file, "utf8")] as const)),
      );
    },
  };
}

let runs = 0;

/**
 * Runs one of the repository's commands on another project within this process, where what it imports is loaded already.
 * One at a time: it has the process's folder, arguments, output and exit code to itself.
 */
export async function runHere(root: string, script: string, args: string[] = []) {
  const before = { cwd: process.cwd(), argv: process.argv };
  let output = "";
  const hear = (...said: unknown[]): void => void (output += `${said.map(String).join(" ")}\n`);
  const spies = [
    vi.spyOn(console, "log").mockImplementation(hear),
    vi.spyOn(console, "error").mockImplementation(hear),
    // The linter's own output.
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      output += String(text);
      return true;
    }),
  ];
  process.chdir(root);
  process.argv = [process.execPath, script, ...args];
  runs += 1;
  try {
    // Under another address each time, since to import it is to run it.
    await import(/* @vite-ignore */ `../../scripts/${script}.ts?${runs}`);
    return { code: Number(process.exitCode ?? 0), output };
  } finally {
    process.exitCode = undefined;
    process.argv = before.argv;
    process.chdir(before.cwd);
    for (const spy of spies) spy.mockRestore();
  }
}

/** Starts one of the repository's commands on another project, as a process of its own. */
export function startScript(root: string, script: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Program {
  const program = [join(repository, "scripts/run.js"), `scripts/${script}.ts`, ...args];
  const started = new Program(process.execPath, program, { cwd: root, env: { ...process.env, ...env } });
  programs.push(started);
  return started;
}

export async function runScript(root: string, script: string, args: string[] = []) {
  const program = startScript(root, script, args);
  return { code: (await program.ended).code, output: program.output };
}
