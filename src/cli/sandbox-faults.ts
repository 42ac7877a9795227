/** Faults of a sandbox as people write them: on a command line, or as JSON. */
import type { Fault } from "../sandbox/index.js";
import { isObject } from "../json.js";

type Kind = Fault["kind"];
type Check = readonly [is: (value: unknown) => boolean, what: string];

const when: Check = [(value) => value === "before" || value === "after", "before or after"];
const status: Check = [Number.isInteger, "a whole number"];
const retryAfter: Check = [
  (value) => Number.isInteger(value) || (typeof value === "string" && /^[\x20-\x7e]+$/.test(value)),
  "seconds or a date",
];
const location: Check = [(value) => typeof value === "string" && URL.canParse(value), "a URL"];
const times: Check = [(value) => Number.isInteger(value) || value === "always", 'a whole number or "always"'];
const operation: Check = [(value) => typeof value === "string", 'an operation, such as lantern.createApiKey, or "*"'];

/** What each kind has besides, needed or not. */
const kinds: Record<Kind, { needed?: Record<string, Check>; optional?: Record<string, Check> }> = {
  status: { needed: { status }, optional: { retryAfter } },
  lost: { needed: { when } },
  refused: {},
  hang: { optional: { when } },
  truncated: {},
  garbage: {},
  html: {},
  empty: {},
  redirect: { needed: { location } },
};

const isKind = (text: unknown): text is Kind => typeof text === "string" && Object.hasOwn(kinds, text);

/** @throws RangeError where it is no fault, but for what the sandbox itself looks at: the operation and its numbers */
export function faultOf(value: unknown): Fault {
  if (!isObject(value)) throw new RangeError("a fault is an object");
  const { kind } = value;
  if (!isKind(kind)) throw new RangeError(`kind is not one of ${Object.keys(kinds).join(", ")}`);
  const { needed = {}, optional = {} } = kinds[kind];
  const all: Record<string, Check> = { operation, ...needed, times, ...optional };
  for (const name of Object.keys(value)) {
    if (name !== "kind" && !Object.hasOwn(all, name)) {
      throw new RangeError(`${name} is nothing that ${kind} has: ${Object.keys(all).join(", ")}`);
    }
  }
  for (const [name, [is, what]] of Object.entries(all)) {
    const given = value[name];
    if (given === undefined && name !== "operation" && !Object.hasOwn(needed, name)) continue;
    if (!is(given))
      throw new RangeError(`${name} of ${kind} is ${given === undefined ? "missing" : "not that"}: give ${what}`);
  }
  // Each of its members has been looked at above.
  return { ...value, ...(value["times"] === "always" && { times: Infinity }) } as Fault;
}

/**
 * What `OPERATION=KIND,NAME=VALUE,…` says; a number as KIND is a status.
 *
 * @throws RangeError where it is no fault
 */
export function faultIn(text: string): Fault {
  const [first = "", ...rest] = text.split(",");
  const [operation, kind] = pairOf(first);
  const isStatus = /^\d+$/.test(kind);
  const given = rest.map(pairOf).map(([name, value]) => [name, /^\d+$/.test(value) ? Number(value) : value] as const);
  return faultOf({
    operation,
    ...(isStatus ? { kind: "status", status: Number(kind) } : { kind }),
    ...Object.fromEntries(given),
  });
}

function pairOf(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
