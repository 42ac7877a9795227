/** `includeByokInLimit` → `include_byok_in_limit`, as a type. */
type SnakeCase<Name> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : "";

/** An input under its wire names; what is undefined is left out. */
export type Wire<Input> = {
  [Name in keyof Input as SnakeCase<Name>]: Exclude<Input[Name], undefined>;
};

export function toWire<Input extends object>(input: Input): Wire<Input> {
  const wire = given(input).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries(wire) as Wire<Input>;
}

/** What of an object is not left out. */
export function given<Value>(input: Readonly<Record<string, Value>> | object): [string, Exclude<Value, undefined>][] {
  return Object.entries(input).filter((entry): entry is [string, Exclude<Value, undefined>] => entry[1] !== undefined);
}
