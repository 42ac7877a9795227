/** Where things are, and which providers there are: one for each api of redocly.yaml. */
import { DocumentError } from "../documents/document-error.js";
import { readDocument, specIn } from "../documents/read.js";
import { isObject, type Spec } from "../render/spec.js";

/** The folder that the programs work on: the one they are started in, as npm does. */
export function projectRoot(): string {
  return process.cwd();
}

export interface Provider {
  name: string;
  /** Relative to the project's root. */
  specFile: string;
}

/** @throws DocumentError */
export async function providersOf(root: string): Promise<Provider[]> {
  return providersIn(await readDocument(root, "redocly.yaml"));
}

/** @param config what redocly.yaml holds. @throws DocumentError */
export function providersIn(config: unknown): Provider[] {
  const apis = isObject(config) && isObject(config["apis"]) ? config["apis"] : {};
  return Object.entries(apis).map(([name, api]) => {
    if (!isObject(api) || typeof api["root"] !== "string") {
      throw new DocumentError(`redocly.yaml: the api ${name} has no root: name its spec`);
    }
    // It names an export, an environment variable and a folder.
    if (!/^[a-z][a-z0-9]*$/.test(name)) {
      throw new DocumentError(`redocly.yaml: the api ${name} must be called by lower-case letters and digits`);
    }
    return { name, specFile: api["root"] };
  });
}

/** The specs by the names of their providers. @throws DocumentError */
export async function readSpecs(root: string): Promise<Map<string, Spec>> {
  const specs = new Map<string, Spec>();
  for (const { name, specFile } of await providersOf(root)) {
    specs.set(name, specIn(await readDocument(root, specFile), specFile));
  }
  return specs;
}
