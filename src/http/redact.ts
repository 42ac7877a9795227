/** Removes known secrets from text that others wrote: a server, a runtime, a `fetch` of the user's. */

import { isObject } from "../json.js";

const MASK = "[secret]";

/** No text of others stands in an error at a greater length than this, in characters. */
const LONGEST = 300;

/** Nor is more of it looked through than this. */
const SEARCHED = 3000;

/** Secrets, and what a text holds that quotes a part of one. */
interface Sought {
  secrets: string[];
  /** Those that are looked for one after the other. */
  runs: string[];
  /** The others, by what `startAt` gives of them: a text is gone through once for all of them. */
  byStart?: Map<number, string[]>;
}

/** The plaintext that a client's calls have met, all of them together: the latest, up to a bound. */
export class KnownSecrets extends Set<string> {
  // Each error, and each row of a list, is looked through for all of them.
  #sought: Record<"all" | "long", Sought> | undefined;

  /** `long`: those that are no part of innocent words, and what of them stands in base64 or hex. */
  get sought() {
    const { all, long } = (this.#sought ??= {
      all: soughtFor([...this]),
      long: quotesOf([...this].filter(({ length }) => length >= RUN)),
    });
    // In a table, and in no pattern of them all: a client that makes many keys would have that made anew for each.
    if (long.runs.length > MANY) {
      const byStart = (long.byStart ??= new Map<number, string[]>());
      long.runs = long.runs.filter((run) => {
        const start = startAt(run, 0);
        return run.length < RUN || !byStart.set(start, [...(byStart.get(start) ?? []), run]);
      });
    }
    return { all, long };
  }

  override add(secret: string): this {
    if (!this.delete(secret) && this.#sought) {
      const { all, long } = this.#sought;
      append(all, soughtFor([secret]));
      if (secret.length >= RUN) append(long, quotesOf([secret]));
      // Those that are no longer known are sought until then.
      if (all.secrets.length > 2 * MOST_KNOWN) this.#sought = undefined;
    }
    super.add(secret);
    for (const oldest of this) {
      if (this.size <= MOST_KNOWN) break;
      this.delete(oldest);
    }
    return this;
  }
}

// A rotation of many keys makes some at once; each text of others is looked through for all of them.
const MOST_KNOWN = 64;

/** As many runs are found in less time one after the other. */
const MANY = 100;

/** A number of the RUN characters there, which few others have. */
function startAt(text: string, at: number): number {
  const code = (index: number) => text.charCodeAt(at + index);
  return (code(0) * 8191 + code(4) * 511 + code(8) * 31 + code(11)) & 0xffff;
}

function append(to: Sought, { secrets, runs }: Sought): void {
  to.secrets.push(...secrets);
  to.runs.push(...runs);
}

/**
 * The text without the secrets, at most 300 characters of it. A secret in its plain form is masked. Where a long run of one
 * can be recovered, also by undoing percent-encoding, JSON and HTML escapes, hex, lists of bytes or base64, up to three deep,
 * nothing of the text is left.
 */
export function redact(text: string, known: Iterable<string>): string {
  const searched = text.slice(0, SEARCHED);
  const safe = masked(searched, known);
  // What is cut off may hold the rest of a secret, so where there was one, no more is risked.
  if (text !== searched && safe !== searched) return MASK;
  return safe.length > LONGEST ? `${safe.slice(0, LONGEST - 1)}…` : safe;
}

/**
 * What was answered of a key, without the secrets that it quotes: those given, or of what a client knows the long ones. Most
 * answers quote none, and to undo every encoding in each of them takes longer than all else of a call. So it is done to those
 * alone that hold a long run of a secret, as it is, or all of it in base64 or hex, or whatever else has many escapes.
 * Undefined where it is nested more deeply than can be searched.
 */
export function withoutQuotes<T extends object>(value: T, known: KnownSecrets | readonly string[]): T | undefined {
  const sought = known instanceof KnownSecrets ? known.sought.long : quotesOf(known);
  try {
    const json = JSON.stringify(value);
    const isQuoted = ESCAPED.test(json) || holds(withoutBreaks(json), sought, 0);
    return isQuoted ? (withoutSecrets(json, sought) as T) : value;
  } catch {
    return undefined;
  }
}

/** A value of JSON with each text in it, names included, without the secrets. */
function withoutSecrets(json: string, sought: Sought): unknown {
  return JSON.parse(json, (_, one: unknown) => {
    if (typeof one === "string") return masked(one, sought);
    return isObject(one) ? Object.fromEntries(Object.entries(one).map(([k, v]) => [masked(k, sought), v])) : one;
  });
}

const ESCAPED = /(?:(?:%|\\\\[xu]|&#|=|[:,\s-])[0-9a-fx{;}]{2,6}){12}/i;

/** What stands in JSON that quotes one of them: a run of it, or all of it, as JSON has it, or in base64 or hex. */
function quotesOf(known: readonly string[]): Sought {
  const { secrets, runs } = soughtFor(known);
  // No key is longer; of what a server calls one, its beginning tells it.
  const heads = secrets.map((secret) => secret.slice(0, SEARCHED));
  const asJson = heads.map((head) => withoutBreaks(JSON.stringify(head).slice(1, -1)));
  return { secrets, runs: [...runs, ...[...asJson, ...heads.flatMap(encodedRunsOf)].map(squeezed).filter(Boolean)] };
}

/** JSON without the escapes of what long lines are wrapped with. */
function withoutBreaks(json: string): string {
  return json.replace(/\\[nrt]/g, "");
}

/** A piece of each, from the middle: what depends on its neighbours is left out. */
function encodedRunsOf(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const binary = String.fromCharCode(...bytes);
  const middle = (text: string) => text.slice(Math.max(0, text.length / 2 - RUN / 2), text.length / 2 + RUN / 2);
  const hex = middle(Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
  const base64 = ["", " ", "  "].map((before) => middle(btoa(before + binary)));
  return [hex, ...base64, ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))];
}

/** Whether something of this text was masked. */
export function isMasked(text: string): boolean {
  return text.includes(MASK);
}

/** Two texts of one answer, over which a secret may be split. */
export function redactBoth(one: string, other: string, known: Iterable<string>): [one: string, other: string] {
  const [first, second] = [redact(one, known), redact(other, known)];
  const split = [first + second, second + first].some((joined) => masked(joined, known) !== joined);
  return split ? [MASK, MASK] : [first, second];
}

function masked(text: string, known: Iterable<string> | Sought): string {
  const sought = soughtFor(known);
  const safe = sought.secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
  return holds(safe, sought, text.length > SEARCHED ? 0 : 3) ? MASK : safe;
}

function soughtFor(known: Iterable<string> | Sought): Sought {
  if (!(Symbol.iterator in known)) return known;
  if (known instanceof KnownSecrets) return known.sought.all;
  // What stands at either end of a header or a text may have lost the white space around it.
  const secrets = [...known].map((secret) => secret.trim()).filter(Boolean);
  return { secrets, runs: secrets.flatMap(runsOf) };
}

/** As many characters of a secret in a row are no accident. */
const RUN = 12;

/**
 * Runs of a secret, so many that any text holds one that quotes a little more than a run of it: 15 characters of 96. Not
 * those in its first half: a secret may begin with its key's id, which is public.
 */
function runsOf(secret: string): string[] {
  const text = squeezed(secret);
  const { length } = text;
  if (length < RUN) return text ? [text] : [];
  const runs: string[] = [];
  for (let end = length; end >= RUN && end > length / 2; end -= Math.ceil(length / 24)) {
    const run = text.slice(end - RUN, end);
    // One character again and again, such as zeros, stands in innocent ids, too.
    if (new Set(run).size > 1) runs.push(run);
  }
  return runs;
}

/**
 * In small letters, since a server may write a secret in others; without what long lines are wrapped with, what nobody sees, and
 * the plus that a form writes in place of a space.
 */
function squeezed(text: string): string {
  return text.replace(/[\s+\p{Cf}]+/gu, "").toLowerCase();
}

function holds(text: string, sought: Sought, depth: number): boolean {
  // No encoding is shorter than what it encodes.
  if (!sought.byStart && !sought.runs.some(({ length }) => length <= text.length)) return false;
  const searched = squeezed(text);
  for (let at = 0; sought.byStart && at + RUN <= searched.length; at++) {
    if (sought.byStart.get(startAt(searched, at))?.some((run) => searched.startsWith(run, at))) return true;
  }
  if (sought.runs.some((run) => searched.includes(run))) return true;
  return depth > 0 && decodings(text).some((decoded) => decoded !== text && holds(decoded, sought, depth - 1));
}

/** The text with each encoding undone wherever it occurs. */
function decodings(text: string): string[] {
  const undo = (encoded: RegExp, decode: (run: string) => string) =>
    text.replace(encoded, (run) => {
      try {
        return decode(run);
      } catch {
        return run;
      }
    });
  return [
    undo(/(%[0-9a-f]{2})+/gi, (run) => utf8(Array.from(run.slice(1).split("%"), (byte) => parseInt(byte, 16)))),
    undo(/\\(u[0-9a-f]{4}|.)/gi, (run) => String(JSON.parse(`"${run}"`))),
    undo(/&#\d{1,7};|(&#x|\\u\{)[0-9a-f]{1,6}[;}]/gi, characterOf),
    // As JSON has the bytes of a buffer.
    undo(/\d{2,3}(?:[,\s]+\d{2,3}){11,}/g, (run) => utf8(run.split(/[,\s]+/).map(Number))),
    // What stands before it may look like a half of the first byte.
    ...[0, 1].map((skip) =>
      undo(/[0-9a-f]?(?:(?:\\x|0x|[=:,\s-])?[0-9a-f]{2}){12,}/gi, (run) => fromHex(run.slice(skip))),
    ),
    // Within a longer encoded text, a secret may begin at any of the four places of a group, and lines may be wrapped.
    ...[0, 1, 2, 3].map((skip) =>
      undo(/[\w+/-](?:\s*[\w+/-]){7,}/g, (run) => fromBase64(run.replace(/\s+/g, "").slice(skip))),
    ),
  ];
}

/** Of an escape by number, in HTML or JavaScript. */
function characterOf(escape: string): string {
  const digits = escape.replace(/[^0-9a-f]/gi, "");
  return String.fromCodePoint(parseInt(digits, /[x{]/i.test(escape) ? 16 : 10));
}

function fromHex(text: string): string {
  const digits = text.replace(/\\x|0x|[^0-9a-f]/gi, "").match(/../g) ?? [];
  return utf8(digits.map((byte) => parseInt(byte, 16)));
}

function fromBase64(text: string): string {
  // A group of one character, which a cut may leave, says nothing.
  const groups = text.length % 4 === 1 ? text.slice(0, -1) : text;
  const bytes = atob(groups.replaceAll("-", "+").replaceAll("_", "/"));
  return utf8(Array.from(bytes, (byte) => byte.charCodeAt(0)));
}

/** What is no UTF-8 does not hide what is, and a byte order mark is kept. */
function utf8(bytes: number[]): string {
  return decoder.decode(Uint8Array.from(bytes));
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
