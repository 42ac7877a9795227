/** Names for generated code: valid, unique, and the spec's own wherever that is possible. */

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

// Words that cannot name a function or a type in a strict-mode module, and two that a module cannot redeclare. Of the others,
// `__proto__` names no entry of an object literal, and what imports a module that exports `then` takes it for a promise.
const RESERVED = new Set(
  (
    "__proto__ then any arguments as async await bigint boolean break case catch class const continue debugger declare default delete do else " +
    "enum eval export extends false finally for function get if implements import in infer instanceof interface is keyof let module " +
    "namespace never new null number object of package private protected public readonly require return set static string " +
    "super switch symbol this throw true try type typeof undefined unique unknown var void while with yield"
  ).split(" "),
);

/**
 * An identifier for each wanted name, in the same order. Who wants a valid one that is free gets it; others get the
 * closest that is left: words joined, a number behind what is taken.
 *
 * @param taken what the scope already uses, its globals included.
 */
export function uniqueNames(wanted: string[], taken: Iterable<string>, casing: "camelCase" | "PascalCase"): string[] {
  const used = new Set(taken);
  const names = new Map<number, string>();
  const claim = (index: number, name: string): void => {
    names.set(index, name);
    used.add(name);
  };
  wanted.forEach((name, index) => {
    if (isIdentifier(name) && !used.has(name)) claim(index, name);
  });
  wanted.forEach((name, index) => {
    if (names.has(index)) return;
    const base = isIdentifier(name) ? name : joined(name, casing);
    let free = base;
    for (let count = 2; used.has(free); count++) free = `${base}${String(count)}`;
    claim(index, free);
  });
  return wanted.map((_, index) => names.get(index) ?? "");
}

function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name) && !RESERVED.has(name);
}

/** `get-user/by id` → `getUserById` */
function joined(text: string, casing: "camelCase" | "PascalCase"): string {
  const words = text.split(/[^\p{ID_Continue}$]+/u).filter((word) => word !== "");
  const name = words.map((word, index) => (index === 0 && casing === "camelCase" ? word : upperFirst(word))).join("");
  if (RESERVED.has(name)) return `${name}_`;
  return IDENTIFIER.test(name) ? name : `_${name}`;
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
