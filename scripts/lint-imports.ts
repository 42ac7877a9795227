/**
 * `npm run lint:imports`: no module of src/, generated/ and scripts/ leads back to itself by what it imports, types included, and
 * what runs everywhere imports nothing that runs in Node alone, nor the library the command.
 */
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import ts from "typescript";
import { projectRoot } from "./project/project.js";

/** Of these folders, who may import from them besides themselves, as it is loaded or later. */
const READERS: Record<string, string[]> = {
  "src/cli": ["scripts"],
  "src/fleet": ["src/cli"],
  "src/files": ["src/cli", "src/fleet"],
};

const root = projectRoot();
const imports = new Map<string, string[]>();
for (const folder of ["src", "generated", "scripts"]) {
  for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !file.endsWith(".ts")) continue;
    const text = await readFile(file, "utf8");
    imports.set(file, importsOf(file, text));
    for (const { fileName } of ts.preProcessFile(text).importedFiles) checkReader(file, join(file, "..", fileName));
  }
}

const known = new Set<string>();
for (const file of imports.keys()) {
  const cycle = cycleThrough(file);
  if (cycle.length === 0 || known.has(file)) continue;
  for (const member of cycle) known.add(member);
  console.error(`✗ These import each other: ${[...cycle, file].map((one) => relative(root, one)).join(" → ")}`);
  process.exitCode = 1;
}

/** Says so where a file imports what its folder may not. */
function checkReader(file: string, imported: string): void {
  const isIn = (path: string, folder: string) => path.startsWith(join(root, folder, "/"));
  for (const [folder, readers] of Object.entries(READERS)) {
    if (!isIn(imported, folder) || [folder, ...readers].some((reader) => isIn(file, reader))) continue;
    console.error(`✗ ${relative(root, file)} imports from ${folder}/, which only ${readers.join(" and ")} may.`);
    process.exitCode = 1;
  }
}

/** The files that a module imports or exports from as it is loaded; what it imports later may well lead back. */
function importsOf(file: string, text: string): string[] {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest).statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const from = statement.moduleSpecifier;
    if (!from || !ts.isStringLiteral(from) || !from.text.startsWith(".")) return [];
    return [join(file, "..", from.text.replace(/\.js$/, ".ts"))];
  });
}

/** The shortest way from a module back to it, itself first; empty where there is none. */
function cycleThrough(file: string): string[] {
  const ways = new Map<string, string[]>([[file, [file]]]);
  for (const [at, way] of ways) {
    for (const next of imports.get(at) ?? []) {
      if (next === file) return way;
      if (!ways.has(next)) ways.set(next, [...way, next]);
    }
  }
  return [];
}
