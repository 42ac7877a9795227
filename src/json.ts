/** Whether a value is what JSON calls an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a text of JSON says; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What a JSON pointer leads to. */
export function at(value: unknown, pointer: string): unknown {
  return tokensOf(pointer).reduce((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

/**
 * A copy of a value without what stands at these places, and the texts that stood there.
 *
 * @param places JSON pointers, with `*` for each item of an array or value of an object
 */
export function takeOut(value: unknown, places: readonly string[]): { rest: unknown; taken: string[] } {
  const taken: string[] = [];
  const copy = (value: unknown, paths: string[][]): unknown => {
    if (typeof value !== "object" || value === null || paths.length === 0) return value;
    const kept = Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
      const below = paths.filter(([first]) => first === name || first === "*").map(([, ...path]) => path);
      if (below.every(({ length }) => length > 0)) return [[name, copy(inner, below)] as const];
      if (typeof inner === "string" && inner !== "") taken.push(inner);
      return [];
    });
    return Array.isArray(value) ? kept.map(([, inner]) => inner) : Object.fromEntries(kept);
  };
  return { rest: copy(value, places.map(tokensOf)), taken };
}

function tokensOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((token) => token.replace(/~1/g, "/").replace(/~0/g, "~"));
}
