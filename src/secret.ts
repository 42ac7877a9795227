const MASK = "[secret]";

// Not in private fields, which the consoles of browsers show.
const values = new WeakMap<Secret, string>();

/**
 * A plaintext key that shows itself only when asked: `reveal()` gives it, while `String()`, templates,
 * `JSON.stringify`, `console.log` and inspectors give `[secret]`, and a structured clone holds nothing.
 */
export class Secret {
  constructor(value: string) {
    values.set(this, value);
  }

  /**
   * The plaintext. Whoever calls this keeps it out of logs, errors and files that others read.
   *
   * @throws TypeError on a proxy of a secret, or anything else that is none.
   */
  reveal(): string {
    const value = values.get(this);
    if (value === undefined) throw new TypeError("reveal() needs the Secret itself, not a proxy of it.");
    return value;
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
