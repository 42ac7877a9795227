import { BadRequestError } from "./http/errors.js";
import { failure, type CallName } from "./http/failure.js";
import { isObject } from "./json.js";

/** `includeByokInLimit` → `include_byok_in_limit`, as a type. */
type SnakeCase<Name> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : "";

/** An input under its wire names; what is undefined is left out. */
export type Wire<Input> = {
  [Name in keyof Input as SnakeCase<Name>]: Exclude<Input[Name], undefined>;
};

/** An input under its wire names, `includeByokInLimit` as `include_byok_in_limit`; what is undefined is left out. */
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

/** The entries whose value is not undefined. */
export function given<Value>(input: Readonly<Record<string, Value>> | object): [string, Exclude<Value, undefined>][] {
  return Object.entries(input).filter((entry): entry is [string, Exclude<Value, undefined>] => entry[1] !== undefined);
}

/**
 * Refuses what JSON cannot say: it would be sent as null, or left out.
 *
 * @throws BadRequestError naming the field.
 */
export function requireSayable(call: CallName, value: unknown, field = "", depth = 0): void {
  const kind = depth > DEEPEST ? "nested too deep, or within itself" : unsayable(value, field === "");
  if (kind) throw failure(BadRequestError, call, `${field} is ${kind}, which JSON cannot say. Nothing was sent.`);
  if (typeof value !== "object" || value === null || value instanceof Date) return;
  const members = Array.isArray(value) ? [...(value as unknown[]).entries()] : given(value);
  for (const [name, member] of members)
    requireSayable(call, member, field && depth < SHOWN ? `${field}.${name}` : field || String(name), depth + 1);
}

/** How many objects may stand within each other, and of how many the names are told. */
const [DEEPEST, SHOWN] = [100, 5];

function unsayable(value: unknown, whole: boolean): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : String(value);
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return "an invalid date";
    // Of other years, a text of JSON's has six digits and a sign, which is no time to anybody else (RFC 3339).
    return /^\d{4}-/.test(value.toISOString()) ? undefined : "a date whose year has not four digits";
  }
  if (value === undefined) return whole ? undefined : "undefined";
  if (["bigint", "function", "symbol"].includes(typeof value)) return `a ${typeof value}`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm is plain, too.
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return plain ? undefined : `a ${value.constructor.name}`;
}

/**
 * Whether what a server has is what it was sent, however it is written: a time with another offset or a part of a second
 * less, a number as text, an id in capitals. What it does not tell is not compared.
 */
export function meansSame(sent: unknown, found: unknown): boolean {
  if (found === undefined || sent === found) return true;
  // A switch that is neither on nor off says nothing; a limit of null is none.
  if (found === null) return typeof sent === "boolean";
  if (sent instanceof Date) return meansSame(sent.toISOString(), found);
  if (Array.isArray(sent)) {
    const left: unknown[] = Array.isArray(found) ? [...(found as unknown[])] : [];
    if (sent.length !== left.length) return false;
    const [first] = sent as unknown[];
    const names = isObject(first) ? Object.keys(first) : [];
    const others = inOrder(left, names);
    return inOrder(sent, names).every((one) => takenFrom(others, one));
  }
  if (isObject(sent)) {
    return isObject(found) && given(sent).every(([name, value]) => meansSame(value, found[name]));
  }
  const [one, other] = [numberOf(sent), numberOf(found)];
  if (!Number.isNaN(one - other)) return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one));
  const [time, told] = [timeOf(sent), timeOf(found)];
  if (!Number.isNaN(time - told)) return Math.abs(time - told) < 1000;
  if (typeof sent !== "string" || typeof found !== "string") return false;
  return UUID.test(sent) && sent.toLowerCase() === found.toLowerCase();
}

/** By their text, so that what means the same comes at about the same place, and is found at once. */
function inOrder(all: readonly unknown[], names: readonly string[]): unknown[] {
  const texts = all.map((one) => {
    const text = JSON.stringify(isObject(one) ? names.map((name) => one[name]) : one);
    return [text.toLowerCase(), one] as const;
  });
  return texts.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, one]) => one);
}

function takenFrom(left: unknown[], one: unknown): boolean {
  const at = left.findIndex((other) => other !== undefined && meansSame(one, other));
  if (at >= 0) left.splice(at, 1);
  return at >= 0;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

function numberOf(value: unknown): number {
  return typeof value === "number" || (typeof value === "string" && value.trim() !== "") ? Number(value) : NaN;
}

/** In milliseconds since the epoch. Of numbers, 100,000,000,000 is the year 1973 in milliseconds, and 5138 in seconds. */
function timeOf(value: unknown): number {
  if (typeof value === "number") return value < 1e11 ? value * 1000 : value;
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : NaN;
}
