import { spawn } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** A copy of what the pipeline reads and writes, gone after the tests of the file. */
export async function temporaryProject() {
  const root = await mkdtemp(join(tmpdir(), "keysmith-"));
  folders.push(root);
  for (const path of ["redocly.yaml", "spec", "generated", "scripts"]) {
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

/** Starts one of the repository's commands on another project. */
export function startScript(root: string, script: string, args: string[] = []) {
  const child = spawn(process.execPath, [join(repository, "scripts/run.js"), `scripts/${script}.ts`, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return {
    child,
    ended,
    output: () => output,
    /** Resolves once the output, from `from` on, holds `text`; gives where it ends. */
    async printed(text: string, from = 0): Promise<number> {
      for (;;) {
        const at = output.indexOf(text, from);
        if (at >= 0) return at + text.length;
        await Promise.race([
          new Promise<void>((resolve) => listeners.add(resolve)),
          ended.then((code) => {
            throw new Error(`ended with ${String(code)} before it printed ${text}:\n${output}`);
          }),
        ]);
        listeners.clear();
      }
    },
  };
}

export async function runScript(root: string, script: string, args: string[] = []) {
  const run = startScript(root, script, args);
  return { code: await run.ended, output: run.output() };
}
