/** `npm run generate [-- --watch]`: lint the specs, render them, write what changed. */
import { watch } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot, providersOf, type Provider } from "./project.js";
import { lint } from "./redocly.js";
import type { Files } from "./generated.js";

const root = projectRoot();
const { values: options } = parseArgs({ options: { watch: { type: "boolean", default: false } } });

const rendered = new Map<string, Files>();
let ok = await generate(await providersOf(root));
if (options.watch) await watchSpecs();
else if (!ok) process.exitCode = 1;

/** Lints and renders these providers; writes only if all of it went well. */
async function generate(providers: Provider[]): Promise<boolean> {
  const start = performance.now();
  // The linter is another process. TypeScript is loaded and the specs are rendered while it runs.
  const linting = lint(
    root,
    providers.map(({ name }) => name),
  ).then((result) => ({ ...result, ms: performance.now() - start }));
  const { renderIndexFiles, renderProvider, RenderError, update } = await import("./generated.js");
  const renderings: { name: string; files: Files | Error; ms: number }[] = [];
  for (const provider of providers) {
    const start = performance.now();
    const files = await renderProvider(root, provider).catch((error: unknown) => {
      if (error instanceof RenderError) return error;
      throw error;
    });
    renderings.push({ name: provider.name, files, ms: performance.now() - start });
  }

  const linted = await linting;
  if (linted.findings) console.log(`${linted.findings}\n`);
  step("lint", providers.map(({ name }) => name).join(", "), linted.ms);
  if (!linted.ok) return failed("lint failed");
  for (const { name, files, ms } of renderings) {
    if (files instanceof Error) return failed(files.message);
    step("render", name, ms);
    rendered.set(name, files);
  }

  const writing = performance.now();
  const index = await renderIndexFiles(await providersOf(root));
  const files: Files = new Map([...rendered.values(), index].flatMap((one) => [...one]));
  const states = await update(root, files);
  for (const [file, state] of states) {
    console.log(`${state === "fresh" ? "unchanged" : state === "orphaned" ? "removed  " : "written  "}  ${file}`);
  }
  step(
    "write",
    `${String([...states.values()].filter((state) => state !== "fresh").length)} changed`,
    performance.now() - writing,
  );
  step("done", "", performance.now() - start);
  return true;
}

function step(name: string, what: string, ms: number): void {
  console.log(`${name.padEnd(9)}  ${what.padEnd(32)} ${ms.toFixed(0).padStart(5)} ms`);
}

function failed(why: string): false {
  console.error(`${why}: nothing was written.`);
  return false;
}

/** Generates again whenever a spec or redocly.yaml is saved, one run at a time, until interrupted. */
async function watchSpecs(): Promise<void> {
  const changed = new Set<string>();
  let wake: () => void = () => undefined;
  const notice = (file: string): void => {
    changed.add(file);
    wake();
  };
  // Folders, not files: editors save by renaming, which leaves a watched file behind.
  const folders = new Set([".", ...(await providersOf(root)).map(({ specFile }) => dirname(specFile))]);
  for (const folder of folders) {
    watch(join(root, folder), (_event, name) => {
      if (name !== null && /\.ya?ml$/.test(name)) notice(join(folder, name));
    });
  }
  console.log("watching the specs; Ctrl-C ends it");
  for (;;) {
    if (changed.size === 0) await new Promise<void>((resolve) => (wake = resolve));
    // One save may be several events.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const files = new Set(changed);
    changed.clear();
    try {
      const providers = await providersOf(root);
      const all = files.has("redocly.yaml") || !ok;
      const due = all ? providers : providers.filter(({ specFile }) => files.has(join(specFile)));
      if (due.length === 0) continue;
      console.log(`\n${[...files].map((file) => basename(file)).join(", ")} changed`);
      for (const name of rendered.keys()) if (!providers.some((one) => one.name === name)) rendered.delete(name);
      ok = await generate(due);
    } catch (error) {
      // A half-saved file is no reason to stop watching.
      ok = failed(error instanceof Error ? error.message : String(error));
    }
  }
}
