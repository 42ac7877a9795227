import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Bundles programs of the repository, for processes of their own: `<name>.mjs` for each, in a folder. */
export async function bundled(...entryPoints: string[]) {
  const cache = join(repository, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  // Within node_modules, so that what they import is found.
  const folder = await mkdtemp(join(cache, "keysmith-"));
  const { metafile } = await build({
    absWorkingDir: repository,
    entryPoints,
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    outdir: folder,
    metafile: true,
    logLevel: "error",
  });
  return { folder, outputs: metafile.outputs, remove: () => rm(folder, { recursive: true }) };
}
