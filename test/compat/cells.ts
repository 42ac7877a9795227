import type { Registry } from "./registry.js";

/** One thing that the package is used with. */
export interface Cell {
  what: string;
  /** As it shall stand in the table. A function where it is known only once it is installed. */
  version: string | (() => Promise<string>);
  /** @throws what does not work; `Skipped` where it cannot be tried here. */
  check: (environment: CompatEnvironment) => Promise<void>;
}

export interface CompatEnvironment {
  /** The repository. */
  root: string;
  registry: Registry;
  /** The package as it is asked for: `keysmith@0.1.0`. */
  keysmith: string;
  /** The names of its commands. */
  commands: string[];
}

/** A cell that this machine has no means to try. */
export class Skipped extends Error {
  override readonly name = "Skipped";
}
