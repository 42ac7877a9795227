import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run, type StartOptions } from "../helpers/processes.js";
import type { Registry } from "./registry.js";

/** A new project of a user, outside of the repository. */
export class Project {
  readonly folder: string;
  readonly #registry: Registry;

  private constructor(folder: string, registry: Registry) {
    this.folder = folder;
    this.#registry = registry;
  }

  static async create(registry: Registry, files: Record<string, string> = {}): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), "keysmith-compat-")), registry);
    await project.write({ "package.json": JSON.stringify({ private: true, type: "module" }), ...files });
    return project;
  }

  async write(files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  }

  install(...packages: string[]): Promise<string> {
    return this.run("npm", "install", "--save-exact", ...packages);
  }

  /** A program of the system's. */
  async run(command: string, ...args: string[]): Promise<string> {
    return (await run(command, args, this.options)).output;
  }

  /** A program that an installed package brings. */
  bin(name: string, ...args: string[]): Promise<string> {
    return this.run(join(this.folder, "node_modules/.bin", name), ...args);
  }

  get options(): StartOptions {
    return { cwd: this.folder, env: this.#registry.env };
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}
