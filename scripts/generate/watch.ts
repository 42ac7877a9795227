import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parse } from "yaml";
import { readProviders } from "./generated.js";
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
  const folders = new Set<string>();
  const saved = new Set<string>();
  let wake: () => void = () => undefined;
  const watchAll = async (): Promise<void> => {
    // As it was, where redocly.yaml cannot be read.
    sources = await readSources(root).catch(() => sources);
    // Folders, not files: editors save by renaming, which leaves a watched file behind.
    for (const folder of new Set([...sources.specs.keys(), ...sources.config].map((file) => dirname(file)))) {
      if (folders.has(folder)) continue;
      try {
        watch(join(root, folder), (_event, name) => {
          const file = join(folder, name ?? "");
          if (!sources.specs.has(file) && !sources.config.has(file)) return;
          saved.add(file);
          wake();
        }).on("error", () => folders.delete(folder));
        folders.add(folder);
      } catch {
        // It is not there. That the files in it are not is an error of the run before.
      }
    }
  };

  await watchAll();
  let ok = await pipeline.generate(linting);
  console.log("watching the specs; Ctrl-C ends it");
  for (;;) {
    if (saved.size === 0) await new Promise<void>((resolve) => (wake = resolve));
    await setTimeout(SETTLING_MS);
    const files = [...saved];
    saved.clear();
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
    if (reconfigured) await watchAll();
  }
}

async function readSources(root: string): Promise<Sources> {
  const providers = await readProviders(root);
  const config: unknown = parse(await readFile(join(root, "redocly.yaml"), "utf8"));
  const plugins = isObject(config) && Array.isArray(config["plugins"]) ? config["plugins"] : [];
  return {
    specs: new Map(providers.map(({ name, specFile }) => [join(specFile), name])),
    config: new Set(["redocly.yaml", ...plugins.filter((one) => typeof one === "string").map((file) => join(file))]),
  };
}
