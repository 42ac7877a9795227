/** The type tests of an older release, compiled against the types of today. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { filesAt, textAt } from "./git.js";

const FOLDER = "test/types";
const COMPILED = /\.[cm]?tsx?$/;

export interface TypeTests {
  /** How many files the release has of them. */
  files: number;
  /** What the compiler says; empty if they compile. */
  errors: string;
}

export async function compileTypeTests(root: string, ref: string): Promise<TypeTests> {
  const files = (await filesAt(root, ref, FOLDER)).filter((file) => COMPILED.test(file));
  if (files.length === 0) return { files: 0, errors: "" };
  const folder = await mkdtemp(join(tmpdir(), "keysmith-types-"));
  try {
    await linkProject(root, folder);
    for (const file of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), (await textAt(root, ref, file)) ?? "");
    }
    await writeFile(
      join(folder, "tsconfig.types.json"),
      JSON.stringify({
        extends: "./tsconfig.json",
        compilerOptions: { noEmit: true, incremental: false, tsBuildInfoFile: null },
        include: [FOLDER],
      }),
    );
    return { files: files.length, errors: await compile(folder) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Everything as it is today but the type tests, so that they import what they did by the same paths. */
async function linkProject(root: string, folder: string): Promise<void> {
  const link = async (path: string, except: string): Promise<void> => {
    await mkdir(join(folder, path), { recursive: true });
    for (const name of await readdir(join(root, path)).catch(() => [])) {
      if (name === except || name === ".git") continue;
      await symlink(join(root, path, name), join(folder, path, name));
    }
  };
  await link("", "test");
  await link("test", "types");
}

function compile(folder: string): Promise<string> {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tsc, "--project", "tsconfig.types.json", "--pretty", "false"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.once("error", reject);
    child.once("close", (code) => {
      resolve(code === 0 ? "" : output.trim() || "the compiler failed");
    });
  });
}
