/** What `keysmith generate` does: lints a spec of another package's, renders it, and writes what changed. */
import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { DocumentError } from "../documents/document-error.js";
import { parseDocument, readText } from "../documents/read.js";
import { lint, printFindings } from "../redocly/lint.js";
import { OUTSIDE_COMMAND, renderOutside, requireSupported, SpecError } from "../render/index.js";
import { isSystemError, WriteError, writeAtomically } from "./generated.js";

export interface OutsideOptions {
  /** The path of the spec. */
  spec: string;
  /** The folder that the files go into. */
  out: string;
  /** What the provider is called. */
  name: string;
  /** The folder whose redocly.yaml has the rules of the linter. */
  rules: string;
}

/**
 * Gives what was made of each file, by its path, once all of them are as they should be.
 *
 * @throws DocumentError, WriteError: then nothing was written, unless the error is the system's
 */
export async function generateOutside(options: OutsideOptions): Promise<Map<string, "unchanged" | "written">> {
  const { spec, out, rules } = options;
  const linted = await lint(rules, [resolve(spec)]);
  await printFindings(process.cwd(), linted);
  const files = await rendered(options);
  if (!linted.ok) throw new DocumentError(`${spec}: lint failed, as is said above`);
  const states = new Map<string, "unchanged" | "written">();
  const stale: [path: string, text: string][] = [];
  for (const [file, text] of Object.entries(files)) {
    const path = join(out, file);
    const current = await textAt(path);
    if (current !== undefined && !isGenerated(current)) {
      throw new WriteError(`${path}: \`${OUTSIDE_COMMAND}\` did not make this file. Move it, or choose another folder`);
    }
    states.set(path, current === text ? "unchanged" : "written");
    if (current !== text) stale.push([path, text]);
  }
  for (const [path, text] of stale) {
    await writeAtomically(path, text).catch((error: unknown) => {
      const problem = error instanceof Error ? error.message : String(error);
      throw new WriteError(`${path}: ${problem}. Not all of it is written: run the command again`, { cause: error });
    });
  }
  return states;
}

async function rendered({ spec, name }: OutsideOptions): Promise<Record<string, string>> {
  const { document } = parseDocument(await readText("", spec), spec);
  try {
    requireSupported(document);
    return await renderOutside(document, name, basename(spec).replace(/[^\w.-]/g, "_"));
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new DocumentError(`${spec}: ${error.message}`, { cause: error });
  }
}

async function textAt(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw new WriteError(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
}

function isGenerated(text: string): boolean {
  return text.split("\n", 4).includes(` * Generated: change the spec and run \`${OUTSIDE_COMMAND}\`.`);
}
