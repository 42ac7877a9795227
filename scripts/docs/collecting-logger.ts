import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Logger, LogLevel, type MinimalNode, type MinimalSourceFile } from "typedoc";

/** Keeps TypeDoc's warnings and errors, each with its place; a site is not made with any. */
export class CollectingLogger extends Logger {
  readonly problems: string[] = [];
  readonly #root: string;

  constructor(root: string) {
    super();
    this.#root = root;
  }

  override log(message: string, level: LogLevel): void {
    if (level >= LogLevel.Warn) this.problems.push(stripVTControlCharacters(message).trim());
  }

  protected override addContext(
    message: string,
    _level: LogLevel,
    ...[at, file]: [MinimalNode?] | [number, MinimalSourceFile]
  ): string {
    const source = typeof at === "object" ? at.getSourceFile() : file;
    if (!source || at === undefined) return message;
    const { line } = source.getLineAndCharacterOfPosition(typeof at === "object" ? at.getStart() : at);
    return `${relative(this.#root, source.fileName)}:${line + 1}: ${message}`;
  }
}
