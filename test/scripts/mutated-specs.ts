/** The specs with random things done to them, by fast-check. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { load } from "js-yaml";

export const providers = ["estuary", "openrouter", "cockroach"] as const;

type Container = Record<string, unknown> | unknown[];

const texts = new Map(providers.map((name) => [name, readFileSync(`spec/${name}.yaml`, "utf8")]));
const specs = new Map([...texts].map(([name, text]) => [name, load(text)]));

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
  kind: "drop" | "copy" | "set" | "rename" | "add" | "refer" | "describe";
  /** Which of the document's nodes, of as many as there are. */
  at: number;
  from: number;
  name: string;
  value: unknown;
  /** A reference; a number for that to the node. */
  reference: string | number;
}

const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES) },
  fc.string({ unit: "grapheme", maxLength: 8 }),
);

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("drop", "copy", "set", "rename", "add", "refer", "describe"),
  at: fc.nat(),
  from: fc.nat(),
  name,
  value: fc.constantFrom(...VALUES),
  reference: fc.oneof(fc.constantFrom(...REFERENCES), fc.nat()),
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

function mutate(document: unknown, { kind, at, from, name, value, reference }: Mutation): void {
  const nodes = nodesOf(document);
  const node = nodes[at % nodes.length];
  const other = nodes[from % nodes.length];
  if (!node || !other) return;
  const { parent, key } = node;
  const here = valueOf(parent, key);
  switch (kind) {
    case "drop":
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else Reflect.deleteProperty(parent, key);
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
