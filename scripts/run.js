// @ts-check
/**
 * Runs a TypeScript program of this repository: `node scripts/run.js scripts/generate.ts --watch`.
 *
 * It is bundled, its own files only, and imported. That costs 50 ms; a loader hooked into every module that TypeScript
 * and prettier consist of costs ten times as much, which is more than half of what a whole `generate` takes.
 */
import { mkdtempSync, rmSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildSync } from "esbuild";

const [file = "", ...args] = process.argv.slice(2);
const repository = fileURLToPath(new URL("..", import.meta.url));
const program = join(repository, file);
const name = basename(file, ".ts");

// Within node_modules, so that the program's own imports are found.
const cache = join(repository, "node_modules", ".cache");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, `${name}-`));
try {
  buildSync({
    entryPoints: [program],
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    outdir: folder,
    sourcemap: "inline",
  });
  process.argv = [process.argv0, program, ...args];
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(join(folder, `${name}.mjs`)).href);
} finally {
  rmSync(folder, { recursive: true });
}
