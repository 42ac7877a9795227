/** An application that uses one provider, bundled and minified, and then run. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { providersOf } from "../../scripts/project/project.js";
import type { Cell, CompatEnvironment } from "./cells.js";
import { Project } from "./project.js";
import { serveForChecks } from "./served-sandbox.js";

const APPLICATION = `
import { isKeysmithError, openrouter } from "keysmith";
import served from "./served.js";
async function main() {
  const keys = openrouter({ apiKey: served.credentials.openrouter, baseUrl: served.url + "/openrouter/api/v1" });
  const created = await keys.create({ name: "bundled" });
  await keys.revoke(created);
  const error = await keys.get(created.id).catch((error) => error);
  console.log(error.name, error.kind, isKeysmithError(error), String(error).split(":")[0], String(created.secret));
}
main();
`;
const PRINTS = "NotFoundError not-found true NotFoundError [secret]";

/** By name of the package: a program that bundles application.js into the folder out/. */
const BUNDLERS: Record<string, { version: string; program: string }> = {
  esbuild: {
    version: "0.28.2",
    program: `
      import { build } from "esbuild";
      await build({ entryPoints: ["application.js"], bundle: true, minify: true, format: "esm", outdir: "out" });`,
  },
  vite: {
    version: "8.3.8",
    program: `
      import { build } from "vite";
      const rolldownOptions = { input: "application.js" };
      await build({ logLevel: "warn", build: { outDir: "out", modulePreload: false, rolldownOptions } });`,
  },
  webpack: {
    version: "5.112.2",
    program: `
      import webpack from "webpack";
      const output = { path: import.meta.dirname + "/out", filename: "application.cjs" };
      webpack({ mode: "production", entry: "./application.js", output }, (error, stats) => {
        if (error || stats.hasErrors() || stats.hasWarnings()) throw error ?? new Error(stats.toString());
      });`,
  },
};

export const bundlers: Cell[] = Object.entries(BUNDLERS).map(([what, { version, program }]) => ({
  what,
  version,
  check: (to) => bundles(to, `${what}@${version}`, program),
}));

async function bundles(to: CompatEnvironment, bundler: string, program: string): Promise<void> {
  const project = await Project.create(to.registry, { "application.js": APPLICATION, "bundle.js": program });
  const { served, close } = await serveForChecks();
  try {
    await project.write({ "served.js": `export default ${JSON.stringify(served)};` });
    await project.install(to.keysmith, bundler);
    await project.run(process.execPath, "bundle.js");
    const out = join(project.folder, "out");
    const entries = await readdir(out, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const [file = ""] = files;
    if (files.length !== 1) throw new Error(`It gave ${files.length} files: ${files.join(", ")}`);
    const bundle = (await readFile(file, "utf8")).replace(JSON.stringify(served.credentials), "");
    const printed = await project.run(process.execPath, file);
    if (printed.trim() !== PRINTS) throw new Error(`It printed ${printed}`);
    for (const { name } of await providersOf(to.root)) {
      // The sandbox's credentials have all names.
      const mentions = bundle.replace(/credentials:\{[^}]*\}/, "").includes(name);
      if (mentions !== (name === "openrouter")) throw new Error(`${name} is ${mentions ? "" : "not "}in the bundle.`);
    }
    if (bundle.includes("createSandbox")) throw new Error("The sandbox is in the bundle.");
  } finally {
    await close();
    await project.remove();
  }
}
