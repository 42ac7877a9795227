// @ts-check
/**
 * Runs a TypeScript program of this repository: `node scripts/run.js scripts/generate.ts --watch`.
 *
 * It is bundled, its own files only, and the bundle is kept until one of these files changes. So a start costs what Node
 * takes to import it; a loader hooked into every module that TypeScript and the linter consist of costs half a second.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const DAY_MS = 86_400_000;

const [file = "", ...args] = process.argv.slice(2);
const self = fileURLToPath(import.meta.url);
const repository = fileURLToPath(new URL("..", import.meta.url));
const name = basename(file, ".ts");
// Within node_modules, so that the program's own imports are found.
const cache = join(repository, "node_modules/.cache/programs");
const record = join(cache, `${file.replace(/\W+/g, "-")}.record`);

const module = kept() ?? (await bundled());
process.argv = [process.argv0, join(repository, file), ...args];
process.setSourceMapsEnabled(true);
await import(pathToFileURL(module).href);

/** The bundle of an earlier run, if every file that went into it is as it was then. */
function kept() {
  if (!existsSync(record)) return undefined;
  const [module = "", ...inputs] = readFileSync(record, "utf8").split("\n");
  const fresh = inputs.every((input) => stateOf(input.replace(/^\S+ \S+ /, "")) === input);
  // Several working copies may share one node_modules.
  return fresh && inputs.some((input) => input.endsWith(` ${self}`)) && existsSync(module) ? module : undefined;
}

async function bundled() {
  const { buildSync } = await import("esbuild");
  mkdirSync(cache, { recursive: true });
  removeOldBundles();
  const folder = mkdtempSync(join(cache, `${name}-`));
  const module = join(folder, `${name}.mjs`);
  const begun = Date.now();
  const { metafile } = buildSync({
    absWorkingDir: repository,
    entryPoints: [file],
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    outdir: folder,
    sourcemap: "inline",
    metafile: true,
  });
  const inputs = [self, ...Object.keys(metafile.inputs).map((input) => join(repository, input))];
  // What was saved meanwhile may be in the bundle as it was before.
  if (inputs.every((input) => statSync(input).ctimeMs < begun)) {
    writeFileSync(join(folder, "record"), [module, ...inputs.map(stateOf)].join("\n"));
    renameSync(join(folder, "record"), record);
  }
  return module;
}

/** @param {string} input */
function stateOf(input) {
  const state = statSync(input, { throwIfNoEntry: false });
  return `${state?.ctimeMs ?? 0} ${state?.size ?? 0} ${input}`;
}

/** Those of this program, as soon as nobody can be running them any more who may still import a part. */
function removeOldBundles() {
  for (const entry of readdirSync(cache)) {
    const folder = join(cache, entry);
    if (!entry.endsWith(".record") && entry.startsWith(`${name}-`) && statSync(folder).mtimeMs < Date.now() - DAY_MS) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
