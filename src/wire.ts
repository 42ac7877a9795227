/** `includeByokInLimit` → `include_byok_in_limit`, as a type. */
type SnakeCase<Name> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : "";

/** An input under its wire names; what is undefined is left out. */
export type Wire<Input> = {
  [Name in keyof Input as SnakeCase<Name>]: Exclude<Input[Name], undefined>;
};

export function toWire<Input extends object>(input: Input): Wire<Input> {
  const wire = Object.entries(input)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value as unknown]);
  return Object.fromEntries(wire) as Wire<Input>;
}
