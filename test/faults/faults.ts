/** Every fault, what the server does, and what each class of operations makes of it. Written by hand. */
import { gzipSync } from "node:zlib";
import type { Exchange } from "./exchange.js";
import {
  everywhere,
  fails,
  lasting,
  later,
  passing,
  retried,
  succeeds,
  unknown,
  useless,
  type Outcome,
  type Outcomes,
} from "./outcomes.js";

/** Where a request goes that never becomes one. */
export type Place = "refused" | "unresolvable" | "untrusted" | "notTls";

export type Group = "connection" | "status" | "retry-after" | "redirect" | "body";

export interface Fault {
  /** In Markdown. */
  title: string;
  group: Group;
  /** What the server does with the request; or where the request goes instead. */
  does: ((exchange: Exchange) => void) | Place;
  want: Outcomes;
  /** Operations that differ from their class. */
  but?: Readonly<Record<string, Outcome>>;
  /** The answer is the provider's own error, in its own form. */
  worded?: true;
  /** The attempt certainly had no effect, so that a 404 afterwards is news. */
  certain?: true;
  /** What errors say. */
  status?: number;
  retryAfterMs?: number;
  /** How long the waits between attempts are. Those of the backoff unless given. */
  waitMs?: number;
  maxBodyBytes?: number;
  /** Takes so long that only some operations, of each class one, meet it in every run. The others do in the slow tier. */
  heavy?: true;
  /**
   * The answer has no end: `always`, until the time is up; or `maybe`, since Node 20 now and then never ends a body that
   * it cannot decompress. Then it is a `TimeoutError` that is thrown.
   */
  endless?: "always" | "maybe";
}

type Row = Omit<Fault, "group">;

/** The answer to a create has come as far as its secret, which is delivered. */
const rescued = (error: Parameters<typeof passing>[0]): Outcomes => ({ ...passing(error), create: succeeds });

const connection: Row[] = [
  { title: "connection refused", does: "refused", want: everywhere(retried("ConnectionError")), certain: true },
  { title: "DNS finds nothing", does: "unresolvable", want: everywhere(retried("ConnectionError")), certain: true },
  {
    title: "TLS: a certificate signed by itself",
    does: "untrusted",
    want: everywhere(retried("ConnectionError")),
    certain: true,
  },
  // The same error can come of a connection that was made, so it proves nothing.
  { title: "TLS: the server speaks plain HTTP", does: "notTls", want: passing("ConnectionError") },
  {
    title: "reset before the head",
    does: ({ socket }) => socket.resetAndDestroy(),
    want: passing("ConnectionError"),
  },
  { title: "closed before the head", does: ({ socket }) => socket.end(), want: passing("ConnectionError") },
  { title: "reset inside the head", does: (exchange) => exchange.halfHead("reset"), want: passing("ConnectionError") },
  { title: "reset inside the body", does: (exchange) => exchange.halfBody("reset"), want: rescued("ConnectionError") },
  { title: "closed inside the body", does: (exchange) => exchange.halfBody("end"), want: rescued("ConnectionError") },
  {
    // The answer is not whole, so what it says is not taken for granted.
    title: "403, reset inside the body",
    does: (exchange) => exchange.halfBody("reset", 403),
    want: passing("ConnectionError"),
  },
  {
    title: "stall before the head",
    does: (exchange) => exchange.stall(""),
    want: passing("TimeoutError"),
    endless: "always",
  },
  {
    title: "stall inside the head",
    does: (exchange) => exchange.halfHead("stall"),
    want: passing("TimeoutError"),
    endless: "always",
  },
  {
    title: "stall inside the body",
    does: (exchange) => exchange.halfBody("stall"),
    want: rescued("TimeoutError"),
    endless: "always",
  },
  {
    title: "what answers is not HTTP",
    does: ({ socket }) => socket.end("220 mail.invalid ESMTP\r\n"),
    want: passing("ConnectionError"),
  },
];

/** The server refuses, and so has done nothing. */
const refusal = (error: Parameters<typeof fails>[0]) => everywhere(fails(error));

const statuses: { status: number; want: Outcomes; certain?: true; hidden?: true }[] = [
  { status: 400, want: refusal("BadRequestError") },
  { status: 401, want: refusal("AuthenticationError") },
  { status: 402, want: refusal("BadRequestError") },
  { status: 403, want: refusal("PermissionError") },
  { status: 404, want: refusal("NotFoundError") },
  { status: 405, want: refusal("BadRequestError") },
  { status: 406, want: refusal("BadRequestError") },
  // The Fetch standard makes a network error of it: nobody gets to see the status.
  { status: 407, want: passing("ConnectionError"), hidden: true },
  { status: 408, want: passing("ServerError") },
  { status: 409, want: refusal("ConflictError") },
  { status: 410, want: refusal("NotFoundError") },
  { status: 412, want: refusal("ConflictError") },
  { status: 413, want: refusal("BadRequestError") },
  { status: 415, want: refusal("BadRequestError") },
  { status: 418, want: refusal("BadRequestError") },
  { status: 422, want: refusal("BadRequestError") },
  { status: 423, want: refusal("BadRequestError") },
  { status: 424, want: refusal("BadRequestError") },
  { status: 425, want: refusal("BadRequestError") },
  { status: 428, want: refusal("BadRequestError") },
  { status: 429, want: everywhere(retried("RateLimitError")), certain: true },
  { status: 431, want: refusal("BadRequestError") },
  { status: 451, want: refusal("BadRequestError") },
  { status: 499, want: refusal("BadRequestError") },
  { status: 500, want: passing("ServerError") },
  { status: 501, want: lasting("ServerError") },
  { status: 502, want: passing("ServerError") },
  { status: 503, want: passing("ServerError") },
  { status: 504, want: passing("ServerError") },
  { status: 505, want: lasting("ServerError") },
  { status: 507, want: lasting("ServerError") },
  { status: 508, want: lasting("ServerError") },
  { status: 511, want: lasting("ServerError") },
  { status: 520, want: passing("ServerError") },
  { status: 522, want: passing("ServerError") },
  { status: 524, want: passing("ServerError") },
  { status: 529, want: passing("ServerError") },
  { status: 599, want: lasting("ServerError") },
];

const MONTH_S = 30 * 86_400;
const NOW = Date.UTC(2026, 0, 1);
const httpDate = (ms: number) => new Date(ms).toUTCString();

const retryAfters: { value: string; title?: string; retryAfterMs?: number; waitMs?: number; tooLong?: true }[] = [
  { value: "7", retryAfterMs: 7_000, waitMs: 7_000 },
  // By the server's clock, which the answer tells.
  { value: httpDate(NOW + 9_000), title: "a date 9 s ahead", retryAfterMs: 9_000, waitMs: 9_000 },
  { value: "soon" },
  { value: "-5" },
  { value: String(MONTH_S), title: "the seconds of a month", retryAfterMs: MONTH_S * 1_000, tooLong: true },
  {
    value: httpDate(NOW + MONTH_S * 1_000),
    title: "a date a month ahead",
    retryAfterMs: MONTH_S * 1_000,
    tooLong: true,
  },
];

const retryAfter: Row[] = [
  { status: 403, soon: refusal("PermissionError"), never: refusal("PermissionError") },
  {
    status: 429,
    soon: everywhere(retried("RateLimitError")),
    never: everywhere(later("RateLimitError")),
    certain: true as const,
  },
  {
    status: 503,
    soon: passing("ServerError"),
    never: { ...everywhere(later("ServerError")), create: unknown("ServerError") },
  },
].flatMap(({ status, soon, never, certain }) =>
  retryAfters.map(({ value, title, tooLong, ...times }) => ({
    ...times,
    title: `${status} with ${title ?? `\`${value}\``}`,
    does: (exchange: Exchange) =>
      exchange.answer(status, exchange.error(status), { "retry-after": value, date: httpDate(NOW) }),
    want: tooLong ? never : soon,
    worded: true as const,
    ...(certain && { certain }),
    status,
  })),
);

const redirects: Row[] = [300, 301, 302, 303, 304, 307, 308].map((status) => ({
  title: String(status),
  does: (exchange) => exchange.answer(status, "", { location: exchange.elsewhere }),
  // Who answers so may have done what was asked before.
  want: lasting("InvalidResponseError"),
}));

const HTML = { "content-type": "text/html" };

/** What the list says, whatever the answer does. */
const looked = { "estuary.revoke": succeeds, "unleash.update": succeeds, "unleash.revoke": succeeds };

/** An envelope says whether it is a success; which token it was, the server need not tell. */
const enveloped = { "cloudflare.revoke": succeeds };

/** An envelope that says that it is no success is a refusal, whatever the status. */
const refusedIn200 = Object.fromEntries(
  ["list", "create", "get", "update", "revoke", "current", "roll"].map((name) => [
    `cloudflare.${name}`,
    fails("BadRequestError"),
  ]),
);

const bodies: Row[] = [
  {
    title: "HTML",
    does: (exchange) => exchange.answer(exchange.right.status, exchange.html(), HTML),
    want: lasting("InvalidResponseError"),
  },
  {
    title: "HTML, labelled as JSON",
    does: (exchange) => exchange.answer(exchange.right.status, exchange.html()),
    want: lasting("InvalidResponseError"),
  },
  {
    title: "the right JSON, labelled as HTML",
    does: (exchange) => exchange.answer(exchange.right.status, exchange.rightText(), HTML),
    want: everywhere(succeeds),
  },
  {
    title: "the right JSON, not labelled",
    does: (exchange) => exchange.answer(exchange.right.status, exchange.rightText(), { "content-type": "" }),
    want: everywhere(succeeds),
  },
  {
    title: "an empty body",
    does: (exchange) => exchange.answer(exchange.right.status, ""),
    want: useless,
    but: looked,
  },
  {
    title: "204",
    does: (exchange) => exchange.answer(204, "", { "content-length": "" }),
    want: useless,
    but: looked,
  },
  {
    title: "JSON that breaks off in a body that ends properly",
    does: (exchange) => exchange.answer(exchange.right.status, exchange.cutText()),
    // What is missing stands behind the secret.
    want: { ...lasting("InvalidResponseError"), create: succeeds },
  },
  {
    title: "`{}`",
    does: (exchange) => exchange.answer(exchange.right.status, "{}"),
    want: useless,
    // These give what the server sends, as it is.
    but: { ...looked, "estuary.stats": succeeds, "estuary.export": succeeds },
  },
  { title: "`null`", does: (exchange) => exchange.answer(exchange.right.status, "null"), want: useless, but: looked },
  { title: "a text", does: (exchange) => exchange.answer(exchange.right.status, '"done"'), want: useless, but: looked },
  {
    title: "`null` for what was asked for",
    does: (exchange) => exchange.with("asked", null),
    want: useless,
    but: { ...looked, ...enveloped },
  },
  {
    title: "a number for what was asked for",
    does: (exchange) => exchange.with("asked", 7),
    want: useless,
    but: { ...looked, ...enveloped },
  },
  ...[null, 7].map((value) => ({
    title: `${value === null ? "`null`" : "a number"} for the key's id, or another required field where there is none`,
    does: (exchange: Exchange) => exchange.with("id", value),
    // A key without an id is of no use, but the secret of a new one is.
    want: { ...useless, create: succeeds },
    but: { ...looked, "estuary.stats": succeeds, "estuary.export": succeeds, "openrouter.current": succeeds },
  })),
  ...[null, 7].map((value) => ({
    title: `${value === null ? "`null`" : "a number"} for the key's name, or another required field where there is none`,
    does: (exchange: Exchange) => exchange.with("other", value),
    want: everywhere(succeeds),
    // It is what says that the key was deleted.
    but: { "openrouter.revoke": fails("InvalidResponseError") },
  })),
  {
    title: "the API's own error, with the status of a success",
    does: (exchange) => exchange.answer(exchange.right.status, exchange.error(400)),
    want: useless,
    but: refusedIn200,
    worded: true,
  },
  {
    title: "called gzip, and is not",
    does: (exchange) => exchange.answerGzip(Buffer.from(exchange.rightText() || "{}")),
    want: passing("ConnectionError"),
    endless: "maybe",
  },
  {
    title: "gzip with a wrong checksum",
    does: (exchange) => {
      const bytes = gzipSync(exchange.rightText());
      bytes.writeUInt32LE(~bytes.readUInt32LE(bytes.length - 8) >>> 0, bytes.length - 8);
      exchange.answerGzip(bytes);
    },
    want: passing("ConnectionError"),
    endless: "maybe",
  },
  {
    title: "50 MB, chunked",
    does: (exchange) => exchange.flood(exchange.right.status, "chunked"),
    want: lasting("InvalidResponseError"),
    but: { "estuary.export": succeeds },
    heavy: true,
  },
  ...(["announced", "chunked"] as const).map((how) => ({
    title: `50 MB, ${how}, with \`maxBodyBytes: 1000\``,
    does: (exchange: Exchange) => exchange.flood(exchange.right.status, how),
    maxBodyBytes: 1_000,
    want: lasting("InvalidResponseError"),
  })),
  ...[
    { status: 403, want: refusal("PermissionError") },
    { status: 500, want: passing("ServerError") },
  ].map(({ status, want }) => ({
    title: `${status} with 50 MB, chunked, with \`maxBodyBytes: 1000\``,
    does: (exchange: Exchange) => exchange.flood(status, "chunked"),
    maxBodyBytes: 1_000,
    want,
    status,
  })),
  ...["", "<html>Gone wrong</html>", "null", '{"error":'].flatMap((text) =>
    [
      { status: 403, want: refusal("PermissionError") },
      { status: 500, want: passing("ServerError") },
    ].map(({ status, want }) => ({
      title: `${status} with ${text ? `\`${text}\`` : "an empty body"}`,
      does: (exchange: Exchange) => exchange.answer(status, text),
      want,
      status,
    })),
  ),
];

const grouped = (group: Group, rows: Row[]): Fault[] => rows.map((row) => ({ ...row, group }));

export const faults: readonly Fault[] = [
  ...grouped("connection", connection),
  ...grouped(
    "status",
    statuses.map(({ status, hidden, ...row }) => ({
      ...row,
      title: `${status}${hidden ? ", which `fetch` hides" : ""}`,
      does: (exchange) => exchange.answer(status, exchange.error(status)),
      ...(!hidden && { status }),
      worded: true,
    })),
  ),
  ...grouped("retry-after", retryAfter),
  ...grouped("redirect", redirects),
  ...grouped("body", bodies),
];
