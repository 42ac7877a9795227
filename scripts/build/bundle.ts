/** The package's `dist/`: a module for each of the sources', in JavaScript with maps, and its declarations. */
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { rolldown, type OutputOptions, type Plugin } from "rolldown";
import { dts } from "rolldown-plugin-dts";
import { providersOf } from "../project/project.js";
import { isObject } from "../render/spec.js";
import { writeLicences } from "./licences.js";

/** What package.json says of what is built, by the names of the sources. */
export interface Entries {
  /** By the subpath of the package: `./lantern` → `generated/lantern/index.ts`. */
  library: Map<string, string>;
  commands: string[];
}

/**
 * The sources of what package.json names: `./dist/<path>.js` is built from `<path>.ts`. A `*` stands for each provider
 * of redocly.yaml.
 */
export async function entriesOf(root: string): Promise<Entries> {
  const manifest: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const { exports = {}, bin = {} } = isObject(manifest) ? manifest : {};
  if (!isObject(exports) || !isObject(bin)) throw new Error("package.json: `exports` and `bin` must be objects");
  const providers = (await providersOf(root)).map(({ name }) => name);
  const library = new Map<string, string>();
  for (const [subpath, target] of Object.entries(exports)) {
    const source = sourceOf(isObject(target) ? target["default"] : target);
    if (source === undefined) continue;
    for (const name of source.includes("*") ? providers : [""]) {
      library.set(subpath.replace("*", name), source.replaceAll("*", name));
    }
  }
  return { library, commands: Object.values(bin).flatMap((target) => sourceOf(target) ?? []) };
}

function sourceOf(target: unknown): string | undefined {
  if (typeof target !== "string") return undefined;
  return /^(?:\.\/)?dist\/(.+)\.js$/.exec(target)?.[1]?.concat(".ts");
}

/** Builds `dist/` anew. @throws where a source is missing or an import cannot be resolved. */
export async function buildPackage(root: string): Promise<void> {
  await rm(join(root, "dist"), { recursive: true, force: true });
  const { library, commands } = await entriesOf(root);
  const modules = [...library.values()];
  const sources = await bundle(root, [...modules, ...commands], [], {
    sourcemap: true,
    // They stand in the declarations and, through the maps, in the sources.
    comments: { annotation: true, jsdoc: false, legal: true },
  });
  await writeLicences(sources, join(root, "dist/vendor/LICENSES"), join(root, "scripts/build/licences"));
  // Apart, since a declaration has no map: what it would lead to is not in the package.
  await bundle(root, modules, dts({ cwd: root, tsconfig: "tsconfig.build.json", emitDtsOnly: true }), {});
}

/** Gives the paths of all modules that went into it. */
async function bundle(root: string, input: string[], plugins: Plugin[], output: OutputOptions): Promise<string[]> {
  const manifest: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = isObject(manifest) ? manifest : {};
  const theirs = Object.keys({ ...(dependencies as object), ...(peerDependencies as object) });
  // Another line of one of them has a name of its own here; only its types are used.
  const lines = Object.entries(devDependencies as object).filter(([, version]) =>
    theirs.some((name) => String(version).startsWith(`npm:${name}@`)),
  );
  const installed = [...theirs, ...lines.map(([name]) => name)];
  await using build = await rolldown({
    cwd: root,
    input,
    // For what the command brings along; the library imports nothing that it would change.
    platform: "node",
    tsconfig: "tsconfig.build.json",
    external: (id) => id.startsWith("node:") || installed.some((name) => id === name || id.startsWith(`${name}/`)),
    // A linked node_modules stays where it is linked, and so do the names of what comes from there.
    resolve: { symlinks: false },
    plugins,
    checks: { bundlerTimings: false },
    onLog(level, log) {
      throw new Error(`${level}: ${log.message}`);
    },
  });
  const written = await build.write({
    dir: join(root, "dist"),
    preserveModules: true,
    preserveModulesRoot: root,
    // npm leaves folders called node_modules out of a package.
    entryFileNames: ({ name }) => `${name.replaceAll("node_modules", "vendor")}.js`,
    chunkFileNames: "[name].js",
    ...output,
  });
  const chunks = written.output.filter((file) => file.type === "chunk");
  // What only passes exports on has been taken out of whatever imported it, and is written all the same.
  const imported = new Set(
    chunks.flatMap(({ code, fileName }) =>
      Array.from(code.matchAll(/\b(?:from|import) *\(?"(\.[^"]+)\.js"/g), ([, path = ""]) =>
        join(dirname(fileName), path),
      ),
    ),
  );
  const unused = chunks.filter(
    ({ isEntry, fileName }) => !isEntry && !imported.has(fileName.replace(/(\.d\.ts|\.js)$/, "")),
  );
  await Promise.all(unused.map(({ fileName }) => rm(join(root, "dist", fileName))));
  return chunks.flatMap(({ moduleIds }) => moduleIds);
}
