import { watch, type FSWatcher } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { readDocument } from "../documents/read.js";
import { providersIn } from "../project/project.js";
import type { Pipeline } from "./pipeline.js";
import { forgetPlugins, lint, type LintResult } from "../redocly/lint.js";
import { isObject } from "../render/spec.js";

// One save may be several events: a file is emptied, then written.
const SETTLING_MS = 10;

/** Relative to the project's root. */
interface Sources {
  /** Name of the provider, by file. */
  specs: Map<string, string>;
  /** redocly.yaml and the plugins that it names. */
  config: Set<string>;
}

/** Generates, and again whenever one of the sources is saved, one run at a time, until interrupted. */
export async function watchSources(root: string, pipeline: Pipeline, linting: Promise<LintResult>): Promise<never> {
  let sources: Sources = { specs: new Map(), config: new Set(["redocly.yaml"]) };
  const watchers = new Map<string, FSWatcher>();
  const saved = new Set<string>();
  let wake: () => void = () => undefined;
  const watchAll = async (): Promise<void> => {
    // As it was, where redocly.yaml cannot be read.
    sources = await readSources(root).catch(() => sources);
    // Folders, not files: editors save by renaming, which leaves a watched file behind. And those around them, since a folder
    // that is removed and made anew leaves its watcher behind.
    const folders = new Set([...sources.specs.keys(), ...sources.config].map((file) => dirname(file)));
    for (const folder of new Set([...folders, ...Array.from(folders, (one) => dirname(one))])) {
      if (watchers.has(folder)) continue;
      try {
        const watcher = watch(join(root, folder), (_event, name) => changed(join(folder, name ?? "")));
        watchers.set(
          folder,
          watcher.on("error", () => forget(folder)),
        );
      } catch {
        // It is not there. That the files in it are not is an error of the run before.
      }
    }
  };
  const forget = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const changed = (file: string): void => {
    if (watchers.has(file)) forget(file);
    const within = [...sources.specs.keys(), ...sources.config].filter((one) => one === file || dirname(one) === file);
    for (const one of within) saved.add(one);
    if (within.length > 0) wake();
  };

  await watchAll();
  let ok = await pipeline.generate(linting);
  console.log("watching the specs; Ctrl-C ends it");
  for (;;) {
    if (saved.size === 0) await new Promise<void>((resolve) => (wake = resolve));
    await setTimeout(SETTLING_MS);
    const files = [...saved];
    saved.clear();
    await watchAll();
    console.log(`\n${files.map((file) => basename(file)).join(", ")} changed`);
    const reconfigured = files.some((file) => sources.config.has(file));
    if (reconfigured) await forgetPlugins();
    const due = reconfigured || !ok ? undefined : new Set(files.flatMap((file) => sources.specs.get(file) ?? []));
    try {
      ok = await pipeline.generate(lint(root, [...(due ?? [])]), due);
    } catch (error) {
      // No reason to stop watching.
      ok = pipeline.failed(error instanceof Error ? error.message : String(error));
    }
  }
}

async function readSources(root: string): Promise<Sources> {
  const config = await readDocument(root, "redocly.yaml");
  const providers = providersIn(config);
  const plugins = isObject(config) && Array.isArray(config["plugins"]) ? config["plugins"] : [];
  return {
    specs: new Map(providers.map(({ name, specFile }) => [join(specFile), name])),
    config: new Set(["redocly.yaml", ...plugins.filter((one) => typeof one === "string").map((file) => join(file))]),
  };
}
