/** The specs with random things done to them, by fast-check. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { load } from "js-yaml";

const providers = ["estuary", "openrouter", "cockroach", "openai", "openaiproject", "cloudflare", "unleash"] as const;

type Container = Record<string, unknown> | unknown[];

const texts = new Map(providers.map((name) => [name, readFileSync(`spec/${name}.yaml`, "utf8")]));
// As JSON, in which nothing that an anchor names is in two places at once.
const specs = new Map([...texts].map(([name, text]) => [name, JSON.parse(JSON.stringify(load(text))) as unknown]));

const NAMES = [
  "",
  " ",
  "a b",
  "größe",
  "名前",
  "😀",
  "\ud800",
  "\u0000",
  "\u2028",
  "it's",
  '"',
  "\\",
  "\n",
  "*/",
  "/*",
  "//",
  "</script>",
  "`",
  "${x}",
  "`${process.exit(1)}`",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "prototype",
  "then",
  "default",
  "delete",
  "class",
  "await",
  "any",
  "never",
  "undefined",
  "NaN",
  "Infinity",
  "Record",
  "Omit",
  "Promise",
  "paths",
  "components",
  "operations",
  "api",
  "client",
  "createClient",
  "properties",
  "$ref",
  "$defs",
  "allOf",
  "x-extension",
  "get",
  "0",
  "-1",
  "1e21",
  "1.0",
  "100%",
  "a%20b",
  "%2F",
  "~",
  "~1",
  "a/b",
  "a#/b",
  "#",
  "{",
  "/{a}/{a}",
  "/a?b=c#d",
  "key",
  "ApiKey",
  "x".repeat(5_000),
];

const VALUES: unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e21,
  "",
  "text",
  "*/ export const evil = 1; /*",
  "`${evil}`",
  "line\r\nline\u2028line",
  "```\ncode",
  [],
  {},
  [null],
  [[]],
  ["a", 1, null, {}],
  { a: null },
  { type: "object" },
  { type: "array" },
  { type: "array", items: [{}, true] },
  { type: ["object", "null"], properties: { a: {} } },
  { type: "object", enum: ["a"] },
  { enum: [1, -1, null, "`", { a: 1 }] },
  { const: null },
  { allOf: [true] },
  { anyOf: [{ type: "string" }, { type: "null" }], nullable: true },
  { discriminator: { propertyName: "kind" }, oneOf: [{}] },
  { additionalProperties: { type: "array", items: {} } },
  { name: "a", in: "query", required: true },
  { name: "a", in: "path" },
  "object",
  "string",
  "array",
];

/** What a spec says to code: a mark is one of these, or stands in one. */
const MARK = /\/(?:x-[^/]+|format|pattern)(?:\/|$)/;

const MARK_NAMES = [
  ..."x-idempotent x-redoclyPagination x-rate-limit x-env x-key-fields x-prefix x-send x-option x-key-secret".split(
    " ",
  ),
  ..."x-key-chosen x-envelope x-self-hosted x-not-secret x-sources x-source x-total-pages".split(" "),
  ..."format pattern success result style items offsetParam limitParam cursorParam nextCursor hasMore nextLink".split(
    " ",
  ),
  ..."id name createdAt expiresAt lastUsedAt disabled disabledWhen limit limitRemaining usage secret".split(" "),
];

const MARK_VALUES: unknown[] = [
  ..."/ /id /result /result/value /data/*/hash /data/-1/id /~2 //".split(" "),
  ..."password unixtime unixtime-ms date-time ^( ^(a+)+$ [ .* NAME name page limit after".split(" "),
  ..."offset cursor link body-link none Basic Bearer active".split(" "),
  { success: "/success" },
  { success: "/success", result: "/result", more: "/more" },
  { success: "/result", result: "/success" },
  { secret: "/value", id: "/id" },
  { requests: 0, seconds: -1 },
  { requests: "1", seconds: 1e9 },
  { style: "page", offsetParam: "page", items: "/result" },
  { style: "offset", offsetParam: "offset", items: "" },
  { style: "cursor", cursorParam: "after", nextCursor: "/last_id", hasMore: "/has_more", items: "/data" },
  { style: "link", items: "/tokens" },
  { style: "body-link", nextLink: "/next", items: "/keys" },
  { style: "none", items: "/tokens/*" },
  { id: "/id" },
  { id: "/id", name: "/id", createdAt: "/id", disabled: "/status", disabledWhen: [] },
  { id: "/id", disabled: "/status", disabledWhen: ["active", 7] },
];

const REFERENCES = [
  "#",
  "#/",
  "#/nowhere",
  "#/info",
  "#/components/schemas",
  "#/components/schemas/",
  "#/components/schemas/No",
  "#/components/schemas/ApiKey",
  "#/components/schemas/ApiKey/properties/name",
  "#/components/schemas/%zz",
  "#/components/schemas/a%20b",
  "#ApiKey",
  "other.yaml#/a",
  "file:///etc/passwd",
  "",
];

export interface Mutation {
  kind: "drop" | "copy" | "set" | "rename" | "add" | "refer" | "describe" | "move" | "mark";
  /** Which of the document's nodes, of as many as there are. */
  at: number;
  from: number;
  name: string;
  value: unknown;
  /** A reference; a number for that to the node. */
  reference: string | number;
  /** Whether it is done to a mark, or to what stands in one. */
  toMark: boolean;
}

const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES) },
  fc.string({ unit: "grapheme", maxLength: 8 }),
);

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("drop", "copy", "set", "rename", "add", "refer", "describe", "move", "mark"),
  at: fc.nat(),
  from: fc.nat(),
  name: fc.oneof({ weight: 2, arbitrary: name }, { weight: 1, arbitrary: fc.constantFrom(...MARK_NAMES) }),
  value: fc.constantFrom(...VALUES, ...MARK_VALUES),
  reference: fc.oneof(fc.constantFrom(...REFERENCES), fc.nat()),
  toMark: fc.boolean(),
});

/** A provider, and its spec after a few mutations. */
export const mutatedSpec = fc
  .record({
    provider: fc.constantFrom(...providers),
    mutations: fc.array(mutation, { minLength: 1, maxLength: 4, size: "max" }),
  })
  .map(({ provider, mutations }) => ({ provider, mutations, document: mutated(specs.get(provider), mutations) }));

const SNIPPETS = [
  "",
  " ",
  "\n",
  "\t",
  "  ",
  ":",
  ": ",
  "- ",
  "? ",
  "#",
  "&a ",
  "*a",
  "!!set ",
  "{",
  "]",
  "'",
  '"',
  "|",
  ">",
  "%",
  "@",
  "\u0000",
  "\ufeff",
  "---\n",
];

/** A provider, and the text of its spec with a slip of the hand or a few. */
export const mutatedText = fc
  .record({
    provider: fc.constantFrom(...providers),
    slips: fc.array(fc.record({ at: fc.nat(), length: fc.nat(5), snippet: fc.constantFrom(...SNIPPETS) }), {
      minLength: 1,
      maxLength: 3,
    }),
  })
  .map(({ provider, slips }) => {
    const text = slips.reduce(
      (text, { at, length, snippet }) => {
        const start = at % text.length;
        return text.slice(0, start) + snippet + text.slice(start + length);
      },
      texts.get(provider) ?? "",
    );
    return { provider, slips, text };
  });

function mutated(spec: unknown, mutations: Mutation[]): unknown {
  const document = structuredClone(spec);
  for (const mutation of mutations) mutate(document, mutation);
  return document;
}

interface Node {
  parent: Container;
  key: string;
  pointer: string;
}

function mutate(document: unknown, { kind, at, from, name, value, reference, toMark }: Mutation): void {
  const nodes = nodesOf(document);
  const marks = nodes.filter(({ pointer }) => MARK.test(pointer));
  const targets = toMark && marks.length > 0 ? marks : nodes;
  const node = targets[at % targets.length];
  const other = nodes[from % nodes.length];
  if (!node || !other) return;
  const { parent, key } = node;
  const here = valueOf(parent, key);
  switch (kind) {
    case "drop":
      drop(parent, key);
      break;
    case "move":
      // To where the other one stands, beside it.
      drop(parent, key);
      set(other.parent, Array.isArray(other.parent) ? other.key : key, structuredClone(here));
      break;
    case "mark":
      // On a node that may have no such mark.
      if (isContainer(here) && !Array.isArray(here)) {
        set(here, MARK_NAMES[from % MARK_NAMES.length] ?? "", structuredClone(value));
      }
      break;
    case "copy":
      set(parent, key, structuredClone(valueOf(other.parent, other.key)));
      break;
    case "set":
      set(parent, key, structuredClone(value));
      break;
    case "rename":
      if (Array.isArray(parent) || key === name) break;
      // In its place, as a person would.
      for (const [old, value] of Object.entries(parent)) {
        Reflect.deleteProperty(parent, old);
        set(parent, old === key ? name : old, value);
      }
      break;
    case "add":
      if (Array.isArray(parent)) parent.push(structuredClone(here));
      else set(parent, name, structuredClone(here));
      break;
    case "refer":
      set(parent, key, {
        $ref: typeof reference === "string" ? reference : (nodes[reference % nodes.length]?.pointer ?? "#"),
      });
      break;
    case "describe":
      // Of the texts that end up in names and comments.
      if (isContainer(here) && !Array.isArray(here)) {
        const field = ["description", "title", "operationId", "name", "summary", "format", "default"][from % 7] ?? "";
        set(here, field, from % 2 === 0 ? name : structuredClone(value));
      }
  }
}

function drop(parent: Container, key: string): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else Reflect.deleteProperty(parent, key);
}

function nodesOf(node: unknown, pointer = "#"): Node[] {
  if (!isContainer(node)) return [];
  return Object.keys(node).flatMap((key) => {
    const below = `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    return [{ parent: node, key, pointer: below }, ...nodesOf(valueOf(node, key), below)];
  });
}

function isContainer(node: unknown): node is Container {
  return typeof node === "object" && node !== null;
}

function valueOf(parent: Container, key: string): unknown {
  return Object.getOwnPropertyDescriptor(parent, key)?.value;
}

/** As a parser does: `__proto__` is a name like any other. */
function set(parent: Container, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}
