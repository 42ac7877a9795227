const MASK = "[secret]";

// Not in private fields, which the consoles of browsers show.
const values = new WeakMap<Secret, string>();

const IDENTITY = Symbol("identity");

/** What stands for a plaintext where secrets are compared: a symbol, in which there is nothing to read. */
const identities = new Map<string | undefined, symbol>();

// Of secrets that are compared, both are asked one after the other, so the latest few suffice.
const MOST_IDENTITIES = 100;

// Comparers look at own enumerable properties alone. A getter, so that only what is compared is remembered, and one for all,
// since the consoles of browsers show what a function closes over.
const identity: PropertyDescriptor & ThisType<Secret> = {
  enumerable: true,
  get() {
    return identityOf(values.get(this));
  },
};

function identityOf(value: string | undefined): symbol {
  const found = identities.get(value) ?? Symbol();
  identities.delete(value);
  identities.set(value, found);
  const [oldest] = identities.keys();
  if (identities.size > MOST_IDENTITIES) identities.delete(oldest);
  return found;
}

/**
 * A plaintext key that shows itself only when asked: `reveal()` gives it, while `String()`, templates,
 * `JSON.stringify`, `console.log` and inspectors give `[secret]`, and a structured clone holds nothing.
 *
 * Deep comparisons that look at symbols, such as `isDeepStrictEqual` of Node and `toEqual` of Vitest and Jest, tell two
 * secrets apart. What they look at reveals whether two secrets of this process are equal, and nothing else.
 */
export class Secret {
  constructor(value: string) {
    values.set(this, value);
    Object.defineProperty(this, IDENTITY, identity);
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

  /**
   * Whether the plaintext is the same. How long that takes depends on the length of this secret, not on what it shares with
   * the other one.
   */
  equals(other: Secret | string): boolean {
    const own = this.reveal();
    const others = typeof other === "string" ? other : other.reveal();
    let difference = own.length ^ others.length;
    for (let at = 0; at < own.length; at++) difference |= own.charCodeAt(at) ^ others.charCodeAt(at);
    return difference === 0;
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
