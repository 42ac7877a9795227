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

/** What a JSON pointer leads to, an item of an array by its number, -1 for the last; nothing where there is no pointer. */
export function at(value: unknown, pointer: string | undefined): unknown {
  return pointer === undefined ? undefined : tokensOf(pointer).reduce(memberOf, value);
}

function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^(-1|\d+)$/.test(name) ? (value as unknown[]).at(Number(name)) : undefined;
  return isObject(value) ? value[name] : undefined;
}

/** Texts that were taken out of a value, each with the place among those asked for that it stood at. */
export type Taken = readonly (readonly [place: string, text: string])[];

/**
 * A copy of a value without what stands at these places, and the texts that stood there.
 *
 * @param places JSON pointers, with `*` for each item of an array or value of an object
 */
export function takeOut(value: unknown, places: readonly string[]): { rest: unknown; taken: Taken } {
  const taken: [place: string, text: string][] = [];
  const copy = (value: unknown, ways: { place: string; path: string[] }[]): unknown => {
    if (typeof value !== "object" || value === null || ways.length === 0) return value;
    const kept = Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
      const below = ways
        .filter(({ path: [first] }) => first === name || first === "*")
        .map(({ place, path: [, ...path] }) => ({ place, path }));
      const end = below.find(({ path }) => path.length === 0);
      if (!end) return [[name, copy(inner, below)] as const];
      if (typeof inner === "string" && inner !== "") taken.push([end.place, inner]);
      return [];
    });
    return Array.isArray(value) ? kept.map(([, inner]) => inner) : Object.fromEntries(kept);
  };
  const ways = places.map((place) => ({ place, path: tokensOf(place) }));
  return { rest: copy(value, ways), taken };
}

function tokensOf(pointer: string): string[] {
  const tokens = pointer.split("/").slice(1);
  return pointer.includes("~") ? tokens.map((token) => token.replace(/~1/g, "/").replace(/~0/g, "~")) : tokens;
}
