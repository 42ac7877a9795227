/** Where things are, and which providers there are: one for each api of redocly.yaml. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject } from "../render/spec.js";

/** The folder that the programs work on: the one they are started in, as npm does. */
export function projectRoot(): string {
  return process.cwd();
}

export interface Provider {
  name: string;
  /** Relative to the project's root. */
  specFile: string;
}

export async function providersOf(root: string): Promise<Provider[]> {
  const config: unknown = parse(await readFile(join(root, "redocly.yaml"), "utf8"));
  const apis = isObject(config) && isObject(config["apis"]) ? config["apis"] : {};
  return Object.entries(apis).map(([name, api]) => {
    if (!isObject(api) || typeof api["root"] !== "string") throw new Error(`redocly.yaml: the api ${name} has no root`);
    // It names an export, an environment variable and a folder.
    if (!/^[a-z][a-z0-9]*$/.test(name)) {
      throw new Error(`redocly.yaml: the api ${name} must be called by lower-case letters and digits`);
    }
    return { name, specFile: api["root"] };
  });
}
