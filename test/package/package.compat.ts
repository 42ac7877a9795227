/**
 * What is published, built and packed as for the registry, in a project of its own. No network. In the compat tier, which
 * builds and publishes, since to do so takes a tenth of the time of all other tests.
 */
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import * as attw from "@arethetypeswrong/core";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entriesOf } from "../../scripts/build/bundle.js";
import { providersOf } from "../../scripts/project/project.js";
import { documentationOf } from "./documentation.js";
import { node } from "../helpers/processes.js";
import { filesIn, temporaryPackage } from "./temporary-package.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const providers = (await providersOf(repository)).map(({ name }) => name);
const { library, commands } = await entriesOf(repository);
const specifiers = [...library.keys()].map((subpath) => subpath.replace(/^\./, "keysmith"));

let copy: Awaited<ReturnType<typeof temporaryPackage>>;
let project: string;
let installed: string;
let tarball: string;
let files: string[];

beforeAll(async () => {
  copy = await temporaryPackage();
  await copy.script("build");
  ({ project, installed, tarball } = await copy.install());
  await writeFile(join(project, "package.json"), '{ "type": "module" }');
  files = await filesIn(installed);
});
afterAll(() => copy.remove());

describe("the package", () => {
  it("holds the specs, what its entries need, and nothing else", async () => {
    const needed = new Set(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
    // The rules by which `keysmith generate` lints.
    for (const file of ["redocly.yaml", "scripts/redocly/lint-plugin.js"]) needed.add(file);
    needed.add("schemas/output-1.json");
    // What the README links to.
    for (const file of ["SECURITY.md", "CONTRIBUTING.md"]) needed.add(file);
    for (const folder of ["docs", "docs/guide", "docs/commands"]) {
      for (const file of await readdir(join(copy.root, folder)))
        if (file.endsWith(".md")) needed.add(`${folder}/${file}`);
    }
    for (const name of providers) needed.add(`spec/${name}.yaml`);
    for (const source of library.values()) {
      await follow(`dist/${source.replace(/\.ts$/, ".js")}`, needed);
      await follow(`dist/${source.replace(/\.ts$/, ".d.ts")}`, needed);
    }
    for (const source of commands) await follow(`dist/${source.replace(/\.ts$/, ".js")}`, needed);
    if ([...needed].some((file) => file.startsWith("dist/vendor/"))) needed.add("dist/vendor/LICENSES");
    expect(files).toEqual([...needed].sort());
  });

  it("stays small", async () => {
    const bytes = async (ending: string) => {
      const own = files.filter((file) => /^dist\/(generated|src\/(?!cli\/))/.test(file) && file.endsWith(ending));
      const sizes = await Promise.all(own.map(async (file) => (await stat(join(installed, file))).size));
      return sizes.reduce((sum, size) => sum + size, 0);
    };
    // Of what can be imported, seven providers' rooms, the kit, and the fleet with its database and its files; the command brings libraries along.
    expect(await bytes(".js")).toBeLessThan(378_000);
    // Two thirds of them are the specs' own descriptions.
    expect(await bytes(".d.ts")).toBeLessThan(422_000);
  });

  it("has maps that lead to the sources as they are", async () => {
    const maps = files.filter((file) => file.endsWith(".js.map") && !file.startsWith("dist/vendor/"));
    for (const file of maps) {
      const map = JSON.parse(await readFile(join(installed, file), "utf8")) as {
        sources: string[];
        sourcesContent: string[];
      };
      const sources = map.sources.map((source) => readFile(join(copy.root, dirname(file), source), "utf8"));
      expect(map.sourcesContent, file).toEqual(await Promise.all(sources));
    }
    expect(maps.length).toBeGreaterThan(20);
  });

  it("documents in its declarations what the sources document", () => {
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
      types: [],
      strict: true,
    };
    const sources = [...library.values()];
    const declarations = sources.map((source) => join(installed, "dist", source.replace(/\.ts$/, ".d.ts")));
    const written = sources.map((source) => join(copy.root, source));
    const documented = documentationOf([...written, ...declarations], options);
    expect(documented.splice(written.length)).toEqual(documented);
    for (const texts of documented) expect(texts.size).toBeGreaterThan(5);
  });

  it("satisfies publint", async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("has types that are right for every way of importing it as a module", async () => {
    const data = attw.createPackageFromTarballData(await readFile(tarball));
    const result = await attw.checkPackage(data, { entrypoints: [...library.keys()] });
    if (!result.types) throw new Error("no types were found");
    const esm = result.problems.filter(
      (problem) => !("resolutionKind" in problem) || ["node16-esm", "bundler"].includes(problem.resolutionKind),
    );
    expect(esm).toEqual([]);
    expect(Object.keys(result.entrypoints)).toEqual([...library.keys()]);
  });

  it("has exactly the public surface that etc/api/ shows", async () => {
    expect(await copy.script("api-report", "--check")).toBe("");
  });

  it("can be imported and required by each of its entries", async () => {
    const program = `
      import { createRequire } from "node:module";
      const require = createRequire(import.meta.url);
      for (const entry of ${JSON.stringify(specifiers)}) {
        const imported = await import(entry);
        console.log(entry, imported === require(entry), Object.keys(imported).join());
      }`;
    await writeFile(join(project, "import.js"), program);
    const lines = (await node(project, ["--disable-warning=ExperimentalWarning", "import.js"])).trimEnd().split("\n");
    const shown = lines.map((line) => line.trimEnd().split(" "));
    expect(shown.map(([entry, same]) => `${entry} ${same}`)).toEqual(specifiers.map((entry) => `${entry} true`));
    const names = new Map(shown.map(([entry = "", , names]) => [entry, names?.split(",")]));
    expect(names.get("keysmith")).toEqual(expect.arrayContaining([...providers, "Secret", "isKeysmithError"]));
    expect(names.get("keysmith/types")).toBeUndefined();
    expect(names.get("keysmith/sandbox")).toContain("createSandbox");
    for (const provider of providers) {
      const expected = [provider, "api", "createClient", "listApiKeys"];
      expect(names.get(`keysmith/${provider}`)).toEqual(expect.arrayContaining(expected));
    }
  });

  it("gives its specs under keysmith/spec/", async () => {
    const program = `import { readFileSync } from "node:fs";
      for (const name of ${JSON.stringify(providers)})
        console.log(readFileSync(new URL(import.meta.resolve("keysmith/spec/" + name + ".yaml")), "utf8").split("\\n")[0]);`;
    await writeFile(join(project, "spec.js"), program);
    const output = await node(project, ["spec.js"]);
    expect(output.trim().split("\n")).toEqual(providers.map(() => "openapi: 3.1.0"));
  });

  it("has types that need no DOM, no Node and no dev dependency", async () => {
    const names = providers.map((name) => `${name}.WireApiKey`).join(" | ");
    const use = `import type { ApiKey, CallOptions, WithResponse, ${providers.join(", ")} } from "keysmith/types";
      export const idOf = (key: ApiKey<"openrouter">): string => key.id + key.raw.hash;
      export const options: CallOptions = { timeoutMs: 1 };
      export type Raw = WithResponse<${names}>;`;
    const compilerOptions = { lib: ["es2022"], module: "nodenext", noEmit: true, strict: true, target: "es2022" };
    await writeFile(join(project, "types-alone.ts"), use);
    const config = {
      compilerOptions: { ...compilerOptions, types: [], skipLibCheck: false },
      files: ["types-alone.ts"],
    };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify(config));
    await copy.compile(project);
  });

  it.each(providers)("bundles %s without anything of the others", async (provider) => {
    const { metafile, outputFiles } = await build({
      stdin: {
        contents: `import { ${provider} } from "keysmith"; console.log(${provider}().provider);`,
        resolveDir: project,
      },
      bundle: true,
      format: "esm",
      metafile: true,
      minify: true,
      write: false,
    });
    const [output = { inputs: {} }] = Object.values(metafile.outputs);
    const shipped = Object.entries(output.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput ? file : []));
    // Providers of one API share what they have in common; facades and tables are each one's own.
    const owners = shipped.map(
      (file) => /\/(?:providers|generated)\/([^/]+)\/(?:keys|api|copy|client)\./.exec(file)?.[1],
    );
    expect(new Set(owners.filter((owner) => owner !== undefined))).toEqual(new Set([provider]));
    expect(shipped.filter((file) => file.includes("sandbox"))).toEqual([]);
    expect(outputFiles[0]?.contents.length).toBeLessThan(40_000);
  });
});

/** Adds a module or declaration of the package, its map, and what it imports of the package's own. */
async function follow(file: string, found: Set<string>): Promise<void> {
  if (found.has(file)) return;
  const text = await readFile(join(installed, file), "utf8");
  found.add(file);
  const [, map] = /^\/\/# sourceMappingURL=(.+)$/m.exec(text) ?? [];
  if (map) found.add(join(dirname(file), map));
  for (const { fileName } of ts.preProcessFile(text).importedFiles) {
    if (!fileName.startsWith(".")) continue;
    const target = normalize(join(dirname(file), fileName));
    await follow(file.endsWith(".d.ts") ? target.replace(/\.js$/, ".d.ts") : target, found);
  }
}
