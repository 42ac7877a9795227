import { BadRequestError } from "./http/errors.js";
import { failure, type CallName } from "./http/failure.js";

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

/** An input whose names are the wire's already; what is undefined is left out. */
export function withoutUndefined<Input extends object>(
  input: Input,
): { [Name in keyof Input]: Exclude<Input[Name], undefined> } {
  return Object.fromEntries(given(input)) as { [Name in keyof Input]: Exclude<Input[Name], undefined> };
}

/** What of an object is not left out. */
export function given<Value>(input: Readonly<Record<string, Value>> | object): [string, Exclude<Value, undefined>][] {
  return Object.entries(input).filter((entry): entry is [string, Exclude<Value, undefined>] => entry[1] !== undefined);
}

/**
 * Refuses what JSON cannot say: it would be sent as null, or left out.
 *
 * @throws BadRequestError naming the field.
 */
export function requireSayable(call: CallName, value: unknown, field = ""): void {
  const kind = unsayable(value, field === "");
  if (kind) throw failure(BadRequestError, call, `${field} is ${kind}, which JSON cannot say. Nothing was sent.`);
  if (typeof value !== "object" || value === null || value instanceof Date) return;
  const members = Array.isArray(value) ? [...(value as unknown[]).entries()] : given(value);
  for (const [name, member] of members) requireSayable(call, member, field ? `${field}.${name}` : String(name));
}

function unsayable(value: unknown, whole: boolean): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid date" : undefined;
  if (value === undefined) return whole ? undefined : "undefined";
  if (["bigint", "function", "symbol"].includes(typeof value)) return `a ${typeof value}`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm is plain, too.
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return plain ? undefined : `a ${value.constructor.name}`;
}
