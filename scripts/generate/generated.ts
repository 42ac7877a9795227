/** The folder `generated/`: what it should hold, what it holds, and how the one becomes the other. */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { DocumentError } from "../documents/document-error.js";
import { readDocument } from "../documents/read.js";
import type { Provider } from "../project/project.js";
import {
  render,
  renderApis,
  renderEntry,
  renderFlags,
  renderIndex,
  renderProviders,
  renderServers,
  requireSupported,
  SpecError,
} from "../render/index.js";

/** Path relative to the project's root → text. */
export type Files = Map<string, string>;

/** A file of `generated/` cannot be written or removed. */
export class WriteError extends Error {
  override readonly name = "WriteError";
}

/** @throws DocumentError */
export async function renderProvider(root: string, { name, specFile }: Provider): Promise<Files> {
  const document = await readDocument(root, specFile);
  try {
    const files = await render(document, name);
    requireSupported(document);
    return new Map(Object.entries(files).map(([file, text]) => [`generated/${name}/${file}`, text]));
  } catch (error) {
    if (error instanceof SpecError) throw new DocumentError(`${specFile}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** What the names of the providers alone give. */
export async function renderIndexFiles(providers: Provider[]): Promise<Files> {
  const names = providers.map(({ name }) => name);
  const files: Files = new Map([
    ["generated/index.ts", await renderIndex(names)],
    ["generated/apis.ts", await renderApis(names)],
    ["generated/flags.ts", await renderFlags(names)],
    ["generated/providers.ts", await renderProviders(names)],
    ["generated/servers.ts", await renderServers(names)],
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
      if (isSystemError(error, "ENOENT", "ENOTDIR", "EISDIR")) return undefined;
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

/**
 * Makes `generated/` hold what it should, nothing else. Files that are as they should be are not touched.
 *
 * @throws WriteError
 */
export async function update(root: string, expected: Files): Promise<Map<string, State>> {
  const states = await compare(root, expected);
  for (const [file, state] of states) {
    const text = expected.get(file);
    try {
      if (text === undefined) await rm(join(root, file), { force: true });
      else if (state !== "fresh") await writeAtomically(join(root, file), text);
    } catch (error) {
      throw new WriteError(`${file}: ${messageOf(error)}`, { cause: error });
    }
  }
  return states;
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}

export function isSystemError(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
