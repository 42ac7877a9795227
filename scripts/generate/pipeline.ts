/** What `npm run generate` does, once or again and again: lints the specs, renders them, writes what changed. */
import { renderIndexFiles, renderProvider, update, WriteError, type Files } from "./generated.js";
import { DocumentError } from "../documents/document-error.js";
import { providersOf, type Provider } from "../project/project.js";
import { printFindings, type LintResult } from "../redocly/lint.js";

const DONE = { fresh: "unchanged", stale: "written  ", missing: "written  ", orphaned: "removed  " };

export class Pipeline {
  readonly #root: string;
  readonly #output: Pick<Console, "log" | "error">;
  #providers: Provider[] | undefined;
  /** By provider, and what names all of them by "", from the latest run in which all went well. */
  #rendered = new Map<string, Files>();

  constructor(root: string, output: Pick<Console, "log" | "error"> = console) {
    this.#root = root;
    this.#output = output;
  }

  /**
   * Renders these providers, or all, while they are linted, and writes if all went well.
   *
   * @param due left out, redocly.yaml is read, too, and with it which providers there are.
   * @returns whether it did; if not, it has said why.
   */
  async generate(linting: Promise<LintResult>, due?: ReadonlySet<string>): Promise<boolean> {
    const { files, times, problems } = await this.#render(due);
    const linted = await linting;
    await printFindings(this.#root, linted);
    this.#step("lint", [...times.keys()].join(", "), linted.ms);
    if (!linted.ok) return this.failed("lint failed: nothing was written.");
    if (problems.length > 0) return this.failed(`${problems.join("\n")}: nothing was written.`);
    for (const [name, ms] of times) this.#step("render", name, ms);
    this.#rendered = files;
    return this.#write(linted.begun);
  }

  /** Says why something failed. */
  failed(why: string): false {
    this.#output.error(why);
    return false;
  }

  async #render(due?: ReadonlySet<string>) {
    const files = new Map<string, Files>();
    const times = new Map<string, number>();
    const problems: string[] = [];
    const refused = (error: unknown): undefined => {
      if (!(error instanceof DocumentError)) throw error;
      problems.push(error.message);
    };
    if (!due) this.#providers = await providersOf(this.#root).catch(refused);
    for (const provider of this.#providers ?? []) {
      const kept = due?.has(provider.name) === false ? this.#rendered.get(provider.name) : undefined;
      const begun = performance.now();
      files.set(
        provider.name,
        kept ?? (await renderProvider(this.#root, provider).catch(refused)) ?? new Map<string, string>(),
      );
      if (!kept) times.set(provider.name, performance.now() - begun);
    }
    const index = due ? this.#rendered.get("") : undefined;
    files.set("", index ?? (await renderIndexFiles(this.#providers ?? [])));
    return { files, times, problems };
  }

  async #write(begun: number): Promise<boolean> {
    const writing = performance.now();
    const files: Files = new Map([...this.#rendered.values()].flatMap((one) => [...one]));
    try {
      const states = await update(this.#root, files);
      for (const [file, state] of states) this.#output.log(`${DONE[state]}  ${file}`);
      const changed = [...states.values()].filter((state) => state !== "fresh");
      this.#step("write", `${changed.length} changed`, performance.now() - writing);
    } catch (error) {
      if (!(error instanceof WriteError)) throw error;
      return this.failed(`${error.message}\nNot all of generated/ is written: run \`npm run generate\` again.`);
    }
    this.#step("done", "", performance.now() - begun);
    return true;
  }

  #step(name: string, what: string, ms: number): void {
    this.#output.log(`${name.padEnd(9)}  ${what.padEnd(32)} ${ms.toFixed(0).padStart(5)} ms`);
  }
}
