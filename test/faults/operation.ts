/** What an operation of the matrix is, and what the rows of several providers share. */
import { isDeepStrictEqual } from "node:util";
import { Secret, type ClientOptions } from "../../src/index.js";

/** What an operation is decides what may be done after it has failed. */
export type OperationClass = "read" | "update" | "revoke" | "create";

export interface Answer {
  status: number;
  /** As JSON. Undefined where the body is empty. */
  body: unknown;
}

export interface Operation {
  name: string;
  kind: OperationClass;
  operationId: string;
  /** Of its class others meet every fault in every run; this one does in the slow tier. */
  slow?: true;
  call: (options: ClientOptions) => Promise<unknown>;
  right: Answer;
  /** What a server that works answers where a further page is asked for, which is the last one. Absent where none is. */
  lastPage?: unknown;
  looks?: Looks;
  /** What is thrown where its outcome is unknown, if not a `CreateOutcomeUnknownError`. */
  doubt?: "RollOutcomeUnknownError";
  /** Of a revocation: this API says nothing by 404, since it answers 200 for keys that are not there. */
  noAbsence?: true;
  /** The provider's own error, with these words in it. `{error}` unless given. */
  refusal?: (status: number, words: string) => object;
  /** JSON pointers into the answer: to what was asked for; to a field that the key has to have; to another one. */
  pointers: { asked: string; id: string; other: string };
  /** Plaintext that the server is told, and quotes. */
  sent: readonly string[];
  /** Of it, what has to stand in the URL. */
  inUrl?: readonly string[];
  /** Plaintext that it is not told. */
  unsent: readonly string[];
  /** Whether a result is what this body says. */
  says: (result: unknown, body: unknown) => boolean;
}

/** What an operation asks for besides its own request, and what a server that works says there. */
export interface Looks {
  /** The name of the operation that it asks with. */
  with: string;
  before: unknown;
  /** Once its own request was answered. Absent where it does not look then. */
  after?: unknown;
  /** It looks only after these errors, in the provider's own words: for what may explain them. */
  onRefusal?: readonly string[];
}

// Every form of it differs from the others: URL-encoded, JSON-escaped, base64.
export const CREDENTIAL = String.raw`not-a-real/credential+"quoted"\%41~`;

export const UPDATED = { name: "renamed" };

export const keyIs = (result: unknown, id: unknown, raw: object) =>
  isObject(result) && result["id"] === id && isDeepStrictEqual(result["raw"], raw);
export const sameFields = (result: unknown, body: unknown) =>
  isObject(result) &&
  isObject(body) &&
  Object.entries(body).every(([name, value]) => isDeepStrictEqual(result[name], value));
export const delivers = (secret: string) => (result: unknown) =>
  isObject(result) && result["secret"] instanceof Secret && result["secret"].reveal() === secret;
export const nothing = (result: unknown) => result === undefined;

export const reading = { kind: "read", sent: [CREDENTIAL], unsent: [] } as const;
export const writing = { sent: [CREDENTIAL], unsent: [] } as const;

export function sameRows(result: unknown, rows: unknown, id: string): boolean {
  return (
    Array.isArray(result) &&
    Array.isArray(rows) &&
    result.length === rows.length &&
    rows.every((raw, index) => isObject(raw) && keyIs(result[index], raw[id], raw))
  );
}

/** A copy of a body in which something else stands where the pointer leads. */
export function replaced(body: unknown, pointer: string, value: unknown): unknown {
  const [, name, rest = ""] = /^\/([^/]+)(.*)$/.exec(pointer) ?? [];
  if (name === undefined) return value;
  if (Array.isArray(body)) {
    return body.map((one: unknown, index) => (String(index) === name ? replaced(one, rest, value) : one));
  }
  return isObject(body) ? { ...body, [name]: replaced(body[name], rest, value) } : body;
}

export function at(body: unknown, pointer: `/${string}`): unknown {
  return isObject(body) ? body[pointer.slice(1)] : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
