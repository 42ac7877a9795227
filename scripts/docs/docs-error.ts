/** Why there is no site: one sentence for each thing that is wrong. */
export class DocsError extends Error {
  override readonly name = "DocsError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}
