/** Documents that cannot be used as they are: each problem names the file, and says where, why and what to do. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[], options?: ErrorOptions) {
    const list = [problems].flat();
    super(list.join("\n"), options);
    this.problems = list;
  }
}
