/** The folder `generated/`: what it should hold, what it holds, and how the one becomes the other. */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { parse, YAMLParseError } from "yaml";
import type { Provider } from "./project.js";
import { render, renderEntry, renderIndex, renderProviders, SpecError } from "./render/index.js";

/** Path relative to the project's root → text. */
export type Files = Map<string, string>;

export class RenderError extends Error {
  override readonly name = "RenderError";
}

/** @throws RenderError naming the spec where it cannot be read or rendered. */
export async function renderProvider(root: string, { name, specFile }: Provider): Promise<Files> {
  try {
    const document: unknown = parse(await readFile(join(root, specFile), "utf8"));
    const files = await render(document, name);
    return new Map(Object.entries(files).map(([file, text]) => [`generated/${name}/${file}`, text]));
  } catch (error) {
    if (error instanceof SpecError || error instanceof YAMLParseError || isMissing(error)) {
      throw new RenderError(`${specFile}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** What the names of the providers alone give. */
export async function renderIndexFiles(providers: Provider[]): Promise<Files> {
  const names = providers.map(({ name }) => name);
  const files: Files = new Map([
    ["generated/index.ts", await renderIndex(names)],
    ["generated/providers.ts", await renderProviders(names)],
  ]);
  for (const name of names) files.set(`generated/${name}/index.ts`, await renderEntry(name));
  return files;
}

export type State = "fresh" | "stale" | "missing" | "orphaned";

/** What is to be said of each file that `generated/` should hold or holds. */
export async function compare(root: string, expected: Files): Promise<Map<string, State>> {
  const found = await filesUnder(join(root, "generated"));
  const states = new Map<string, State>();
  for (const [file, text] of expected) {
    const current = await readFile(join(root, file), "utf8").catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    states.set(file, current === undefined ? "missing" : current === text ? "fresh" : "stale");
  }
  for (const path of found) {
    const file = relative(root, path).split(sep).join("/");
    if (!expected.has(file)) states.set(file, "orphaned");
  }
  return states;
}

/** Writes a file so that whoever reads it meanwhile sees the old text or the new one, whole. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, text, { flag: "wx" });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Makes `generated/` hold what it should, nothing else. Files that are as they should be are not touched. */
export async function update(root: string, expected: Files): Promise<Map<string, State>> {
  const states = await compare(root, expected);
  for (const [file, state] of states) {
    const text = expected.get(file);
    if (text === undefined) await rm(join(root, file));
    else if (state !== "fresh") await writeAtomically(join(root, file), text);
  }
  return states;
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}

function isMissing(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
