/**
 * Promise 1: no plaintext key is in what errors and events show, whatever a server or a `fetch` says. A secret is looked
 * for as it is, URL-encoded, JSON-escaped and in base64, wrapped or not, these up to three deep, wherever in a text it
 * stands, and whether or not its ends are cut off.
 *
 * Not promised: any other encoding (hex, HTML entities, reversed, in small pieces), more than three deep, the first half of a
 * secret alone, one of a few characters, and secrets of which no client knows.
 */
import fc, { type JsonValue } from "fast-check";
import {
  cloudflare,
  cockroach,
  CreateOutcomeUnknownError,
  openrouter,
  unleash,
  type ClientOptions,
} from "../../src/index.js";
import { sha256 } from "../../src/sha256.js";
import { shown } from "../helpers/shown.js";
import { property, type Topic } from "./property.js";
import { codePoint, isWellFormed, madeOf } from "./texts.js";

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
const percent = (text: string) => Array.from(Buffer.from(text), (byte) => `%${hex(byte, 2)}`).join("");
const escaped = (unit: string) => `\\u${hex(unit.charCodeAt(0), 4)}`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** What a text may be written as, so that it can be had back. */
const ENCODINGS: Record<string, (text: string) => string> = {
  encodeURIComponent,
  "a form": (text) => new URLSearchParams({ "": text }).toString().slice(1),
  "each byte %xx": percent,
  "each byte %XX": (text) => percent(text).toUpperCase(),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  "JSON with \\/": (text) => JSON.stringify(text).slice(1, -1).replace(/\//g, "\\/"),
  "JSON in ASCII": (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[^ -~]/g, escaped),
  "each unit \\uxxxx": (text) => Array.from({ length: text.length }, (_, at) => escaped(text.charAt(at))).join(""),
  base64,
  "base64 without padding": (text) => base64(text).replace(/=/g, ""),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "base64 in lines": (text) => base64(text).replace(/.{19}/g, "$&\r\n"),
};

interface Layer {
  encoding: string;
  before: string;
  after: string;
}

/** The texts on the way from a secret to what is sent, each the form in which it then stands, with what stands around it. */
function formsOf(secret: string, { layers, outer, cut }: Pick<Echo, "layers" | "outer" | "cut">) {
  // Of a short one, what is left may be too little to be known.
  const quoted = secret.length < 24 ? secret : secret.slice(cut === "first" ? 1 : 0, cut === "last" ? -1 : undefined);
  let text = isWellFormed(quoted) ? quoted : secret;
  const forms = [text];
  for (const { encoding, before, after } of layers) {
    const encode = ENCODINGS[encoding] ?? String;
    forms.push(encode(text));
    text = encode(before + text + after);
    forms.push(text);
  }
  return { forms, text: outer.before + text + outer.after };
}

const SPECIAL = Array.from("%\"'\\/+=&<>~-_.:;,{}[]()*!$^|`@#?aB09fF").concat("sk-or-v1-");
const credentials = fc
  .oneof(
    madeOf(SPECIAL, { minLength: 12, maxLength: 40 }),
    fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 12,
      maxLength: 60,
    }),
    fc.stringMatching(/^sk-or-v1-[0-9a-f]{64}$/),
    fc.stringMatching(/^CCDB1_[0-9a-zA-Z]{22}_[0-9a-zA-Z]{40}$/),
    fc.stringMatching(/^[0-9]{12,20}$/),
  )
  // One in quotes is refused.
  .filter((text) => !/^(["'`]).*\1$/.test(text));
/** What a caller may choose for a user of theirs. */
const chosen = fc
  .oneof(
    credentials,
    madeOf([...SPECIAL, " ", "é", "😀", "\n", "\u0000", "ключ"], { minLength: 12, maxLength: 40 }),
    fc.string({ unit: codePoint, minLength: 12, maxLength: 40 }),
    fc.string({ unit: "grapheme", minLength: 12, maxLength: 40 }),
  )
  .filter(isWellFormed);

/** What stands around a form. It does not end within an escape, which would take the form's beginning along. */
const around = fc
  .oneof(
    fc.constant(""),
    fc.string({ unit: "grapheme-ascii", maxLength: 12 }),
    madeOf(["a", "Zm9v", "-", "_", "/", "+", "=", " ", "%20", "%ff", "%C3", "\\n", "\\u00e9", "é", '"', "Bearer "], {
      maxLength: 4,
    }),
    fc.nat(3100).map((length) => "padding ".repeat(length / 8)),
  )
  .map((text) => text.replace(/(\\|%[0-9a-f]?)+$/i, ""));
const layers = fc.array(
  fc.record({
    encoding: fc.constantFrom(...Object.keys(ENCODINGS)),
    before: fc.constantFrom("", "Bearer ", "a", "é"),
    after: fc.constantFrom("", " ", "bc"),
  }),
  { maxLength: 3 },
);

/** Where a server or a `fetch` may say something. */
const PLACES: Record<string, (text: string) => Partial<{ body: string; headers: [string, string]; thrown: Error }>> = {
  "the message": (text) => ({ body: JSON.stringify({ error: { code: 7, message: text } }) }),
  "message and code": (text) => ({ body: JSON.stringify({ code: text, message: text, details: [text] }) }),
  "Estuary's reason": (text) => ({ body: JSON.stringify({ error: { code: 7, reason: text, details: text } }) }),
  "an old Estuary's error": (text) => ({ body: JSON.stringify({ error: text, details: text }) }),
  "a code that is a number": (text) => ({ body: `{"error":{"code":${/^[1-9]\d{0,14}$/.test(text) ? text : 7}}}` }),
  "a body that is no JSON": (text) => ({ body: text }),
  "a list": (text) => ({
    body: JSON.stringify({ data: [text, { hash: text, name: text }], pagination: { next_page: text } }),
  }),
  "x-request-id": (text) => ({ headers: ["x-request-id", text] }),
  "cf-ray": (text) => ({ headers: ["cf-ray", text] }),
  "a header": (text) => ({ headers: ["x-echo", text] }),
  "the name of a header": (text) => ({ headers: [text, "x"] }),
  location: (text) => ({ headers: ["location", text] }),
  "what fetch throws": (text) => ({
    thrown: Object.assign(new TypeError(`fetch failed: ${text}`, { cause: new Error(text) }), {
      code: text,
      request: text,
    }),
  }),
  "the cause of what it throws": (text) => ({
    thrown: new TypeError("fetch failed", { cause: Object.assign(new Error(text, { cause: text }), { code: text }) }),
  }),
};

function answering(place: string, status: number, text: string): () => Promise<Response> {
  const { body = "{}", headers, thrown } = PLACES[place]?.(text) ?? {};
  if (thrown !== undefined) return () => Promise.reject(thrown);
  return () => {
    const response = new Response(body, { status });
    try {
      if (headers) response.headers.set(...headers);
    } catch {
      // No server can send that in a header.
    }
    return Promise.resolve(response);
  };
}

/** The half of a form in its middle: nothing may show as much, even where the ends are cut off. */
function core(form: string): string {
  const length = Math.max(12, form.length >> 1);
  const start = (form.length - length) >> 1;
  return form.slice(start, start + length);
}

/** What is called once the client knows a new secret; of CockroachDB's, the credential alone. */
const CALLS = ["get", "list", "create", "cockroach", "roll", "revoke"] as const;

interface Echo {
  credential: string;
  /** What the caller chose for a user of theirs, and what the server then sent as the new key. */
  chosen: string;
  created: string;
  which: "credential" | "chosen" | "created";
  layers: Layer[];
  outer: { before: string; after: string };
  /** Which of its characters is not quoted. */
  cut?: "first" | "last" | undefined;
  /** Whether the secret stands there in plain, too. */
  again: boolean;
  place: string;
  status: number;
  call: (typeof CALLS)[number];
}

const echoes: fc.Arbitrary<Echo> = fc.record({
  credential: credentials,
  chosen,
  created: chosen,
  which: fc.constantFrom("credential", "chosen", "created"),
  layers,
  outer: fc.record({ before: around, after: around }),
  cut: fc.constantFrom(undefined, "first", "last"),
  again: fc.boolean(),
  place: fc.constantFrom(...Object.keys(PLACES)),
  status: fc.constantFrom(200, 302, 400, 401, 404, 408, 429, 500, 503),
  call: fc.constantFrom(...CALLS),
});

const usual: Echo = {
  credential: "sk-or-v1-not-a-real-key",
  chosen: "chosen for a user of ours, who+is=new",
  created: "sk-or-v1-new-key",
  which: "credential",
  layers: [],
  outer: { before: "", after: "" },
  again: false,
  place: "the message",
  status: 400,
  call: "get",
};
const bare = (encoding: string): Layer => ({ encoding, before: "", after: "" });
const examples: Echo[] = [
  usual,
  { ...usual, layers: [bare("each byte %XX")], outer: { before: "%C3", after: "%ff" } },
  { ...usual, which: "chosen", layers: [bare("a form")] },
  { ...usual, which: "chosen", layers: [bare("JSON in ASCII"), bare("a form"), bare("base64url")] },
  { ...usual, which: "created", created: "\ufeffsk-or-v1-with-a-mark", layers: [bare("base64")] },
  { ...usual, which: "created", created: " sk-or-v1-between-spaces ", place: "x-request-id" },
  { ...usual, place: "the name of a header" },
  { ...usual, cut: "first" },
  { ...usual, cut: "last", layers: [bare("base64 in lines")] },
  { ...usual, credential: "100000000000", place: "a code that is a number" },
];

export const secretTopic: Topic = {
  topic: "a secret",
  properties: [
    property(
      "is in nothing that is shown, in no form, wherever it is echoed",
      echoes,
      async (echo) => {
        const { credential, chosen, created, which, outer, again, place, status, call } = echo;
        // The others take nothing that a caller chose.
        const known = call === "roll" || call === "revoke" ? "created" : call === "cockroach" ? "credential" : which;
        const secret = echo[which === "credential" ? which : known];
        const { forms, text } = formsOf(secret, echo);
        const cores = forms.map(core);
        fc.pre(!cores.some((core) => outer.before.includes(core) || outer.after.includes(core)));

        const output: unknown[] = [];
        const first = {
          ...{ key: created, data: { hash: "h" } },
          ...{ success: true, errors: [], messages: [], result: created },
          tokens: [{ secret: created }],
        };
        const answers = [() => Promise.resolve(Response.json(first, { status: 201 }))];
        const echoing = answering(place, status, again ? `${text} ${secret} ${text}` : text);
        const options: ClientOptions = {
          apiKey: credential,
          maxRetries: 0,
          onEvent: (event) => output.push(event),
          fetch: () => (answers.shift() ?? echoing)(),
        };
        const kept = async (work: Promise<unknown>) => {
          await work.catch(async (error: unknown) => {
            output.push(error);
            if (error instanceof CreateOutcomeUnknownError) await kept(error.candidates());
          });
        };
        if (call === "cockroach") {
          answers.pop();
          await kept(cockroach(options).get("a"));
        } else if (call === "roll") {
          const keys = cloudflare(options);
          await keys.roll("a");
          await kept(keys.get("a"));
        } else if (call === "revoke") {
          await kept(unleash({ ...options, baseUrl: "https://unleash.test" }).revoke(sha256(created)));
        } else {
          const keys = openrouter(options);
          const input = { name: "ci", external: { user: "u", apiKey: chosen } };
          await keys.create(input);
          if (call === "get") await kept(keys.get("a"));
          if (call === "list") await kept(keys.list().toArray());
          if (call === "create") await kept(keys.create(input));
        }
        const leaks = output.flatMap(shown).filter((shown) => cores.some((core) => shown.includes(core)));
        if (leaks.length > 0) throw new Error(`${JSON.stringify(text)} is shown in ${JSON.stringify(leaks)}`);
      },
      { examples },
    ),
    property(
      "that a client knows is in no key that it reads, wherever in it a server quotes it",
      fc.record({
        created: chosen,
        before: fc.string({ maxLength: 9 }),
        after: fc.string({ maxLength: 9 }),
        places: fc.uniqueArray(fc.constantFrom("name", "label", "a field", "within", "a name"), { minLength: 1 }),
        call: fc.constantFrom("get", "list"),
      }),
      async ({ created, before, after, places, call }) => {
        const text = before + created + after;
        const quotes: Record<string, JsonValue> = {
          ...{ name: text, label: text, "a field": text },
          within: [{ deep: [text, { [text]: 1 }] }],
          "a name": 1,
        };
        const quoted = places.map((place) => [place === "a name" ? text : place, quotes[place]]);
        const row = { hash: "h", ...Object.fromEntries(quoted) } as Record<string, unknown>;
        const bodies = [{ key: created, data: { hash: "h" } }, { data: call === "get" ? row : [row] }, { data: [] }];
        const fetch = () => Promise.resolve(Response.json(bodies.shift(), { status: 201 }));
        const keys = openrouter({ apiKey: "sk-or-v1-not-a-real-key", fetch, maxRetries: 0 });
        const { secret } = await keys.create({ name: "ci" });
        const read = call === "get" ? [await keys.get("h")] : await keys.list().toArray();
        if (shown(read).some((one) => one.includes(secret.reveal()))) {
          throw new Error(`${JSON.stringify(text)} is shown in ${JSON.stringify(read)}`);
        }
      },
    ),
  ],
};
