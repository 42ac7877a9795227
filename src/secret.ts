const MASK = "[secret]";

/**
 * A plaintext key that shows itself only when asked: `reveal()` gives it, while `String()`, templates,
 * `JSON.stringify`, `console.log` and inspectors give `[secret]`, and a structured clone holds nothing.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The plaintext. Whoever calls this keeps it out of logs, errors and files that others read. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  /** What Node, Bun and Deno show when they inspect or log it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return MASK;
  }
}
