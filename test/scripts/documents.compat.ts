import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseYaml } from "@redocly/openapi-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDocument, readDocument } from "../../scripts/documents/read.js";
import { render } from "../../scripts/render/index.js";
import { runHere, temporaryProjects } from "./temporary-project.js";

const temporaryProject = temporaryProjects();

const read = (text: string): unknown => parseDocument(text, "a.yaml").document;

describe("a document", () => {
  const rows: { what: string; text: string; want: unknown }[] = [
    { what: "merge keys", text: "a: &a {b: 1}\nc: {<<: *a, d: 2}", want: { a: { b: 1 }, c: { b: 1, d: 2 } } },
    {
      what: "what a merge key brings and a key beside it says otherwise",
      text: "a: {<<: {b: 1}, b: 2}",
      want: { a: { b: 2 } },
    },
    { what: "anchors", text: "a: &a [1]\nb: *a", want: { a: [1], b: [1] } },
    { what: "0b11, which is text in YAML 1.2", text: "a: 0b11", want: { a: "0b11" } },
    { what: "octal and hexadecimal numbers", text: "a: [0o17, 0x1f, 017]", want: { a: [15, 31, 17] } },
    { what: "-0", text: "a: -0", want: { a: -0 } },
    { what: "tags", text: 'a: [!!str 1, !!int "2", !!set {x}]', want: { a: ["1", 2, new Set(["x"])] } },
    { what: "bytes", text: "a: !!binary aGk=", want: { a: new Uint8Array([104, 105]) } },
    {
      what: "dates and words that are text",
      text: "a: [2026-01-01, yes, on]",
      want: { a: ["2026-01-01", "yes", "on"] },
    },
    { what: "keys that are numbers", text: "200: a", want: { "200": "a" } },
    { what: "JSON", text: '{"a": [1e3, null, "\\u00e4"]}', want: { a: [1000, null, "ä"] } },
  ];
  it.each(rows)("is read as the linter reads it: $what", ({ text, want }) => {
    expect(read(text)).toEqual(want);
    expect(read(text)).toEqual(parseYaml(text));
  });

  it.each([
    { what: "a key twice", text: "a: 1\nb: 2\na: 3", says: "a.yaml:3:1: duplicated mapping key" },
    { what: "a tag that nobody knows", text: "a: !new 1", says: "a.yaml:1:4: unknown scalar tag !<!new>" },
    { what: "an alias of nothing", text: "a: *b", says: "a.yaml:1:" },
    { what: "a list that does not end", text: "a: [1", says: "a.yaml:1:6: unexpected end" },
    { what: "more than a hundred levels", text: "[".repeat(200), says: "nesting exceeded maxDepth" },
    {
      what: "two documents",
      text: "a: 1\n---\na: 2",
      says: "a.yaml: it holds 2 documents, where one is read: take the others out",
    },
    {
      what: "a conflict of git",
      text: "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n",
      says: "a.yaml:2: git left a conflict here: resolve it",
    },
  ])("is refused with its place: $what", ({ text, says }) => {
    expect(() => read(text)).toThrow(says);
    expect(() => parseYaml(text)).toThrow();
  });

  it("tells in which line its nodes begin, those that a merge key brings included", () => {
    const text = "a: &a\n  b: [1]\n\nc:\n  - {x: 1}\n  - <<: *a\n'd e': {}\n";
    const { document, lineOf } = parseDocument(text, "a.yaml");
    const { a, c, "d e": d } = document as { a: { b: object }; c: object[]; "d e": object };
    expect([document, a, a.b, c, ...c, d].map((node) => lineOf(node as object))).toEqual([1, 1, 2, 4, 5, 6, 7]);
  });

  it("keeps the mark of a secret that stands behind a merge key", async () => {
    const document = read(`
openapi: 3.1.0
info: { title: t, version: "1" }
x-secret: &secret { type: string, format: password }
paths:
  /keys:
    post:
      operationId: create
      x-idempotent: false
      responses:
        "200":
          description: ok
          content: { application/json: { schema: { type: object, properties: { key: { <<: *secret } } } } }
`);
    expect(Object.values(await render(document, "p")).join("\n")).toContain('"/key"');
  });
});

describe("a file", () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "keysmith-documents-"));
    await writeFile(join(root, "utf-16.yaml"), Buffer.from("\ufeffa: 1", "utf16le"));
    await writeFile(join(root, "utf-16-without-mark.yaml"), Buffer.from("a: 1", "utf16le"));
    await writeFile(join(root, "with-mark.yaml"), "\ufeffa: 1\r\n");
  });
  afterAll(() => rm(root, { recursive: true }));

  it("may have a byte order mark and the line ends of Windows", async () => {
    expect(await readDocument(root, "with-mark.yaml")).toEqual({ a: 1 });
  });

  it.each([
    { file: "missing.yaml", says: "missing.yaml: it cannot be read: there is no such file" },
    { file: "utf-16.yaml", says: "utf-16.yaml: it is not UTF-8 text: save it as UTF-8" },
    { file: "utf-16-without-mark.yaml", says: "utf-16-without-mark.yaml: it is not UTF-8 text: save it as UTF-8" },
  ])("is refused by its name: $file", async ({ file, says }) => {
    await expect(readDocument(root, file)).rejects.toThrow(says);
  });
});

describe("a document that a program cannot use is named by it", () => {
  const programs = [
    { script: "generate", args: [], code: 1 },
    { script: "check", args: [], code: 1 },
    { script: "check-sources", args: [], code: 1 },
    { script: "reconcile", args: [], code: 1 },
    { script: "upstream", args: ["estuary", "spec/sources/estuary-go.yaml"], code: 2 },
    { script: "docs", args: [], code: 1 },
  ];
  const several = `openapi: 3.1.0\npaths: { /keys: { $ref: "keys.yaml#/keys" } }\n`;
  const rows = programs.flatMap(({ script, args, code }) => [
    { script, args, code, what: "without redocly.yaml", file: "redocly.yaml", text: undefined },
    { script, args, code, what: "with a conflict in a spec", file: "spec/estuary.yaml", text: "a: 1\n<<<<<<< HEAD\n" },
    { script, args, code, what: "with an empty spec", file: "spec/estuary.yaml", text: "" },
    { script, args, code, what: "with a spec in several files", file: "spec/estuary.yaml", text: several },
  ]);
  it.each(rows)("$script $what", async ({ script, args, code, file, text }) => {
    const { root } = await temporaryProject();
    await (text === undefined ? rm(join(root, file)) : writeFile(join(root, file), text));
    const run = await runHere(root, script, args);
    expect(run.output).toContain(file);
    expect(run.output).not.toMatch(/^ +at /m);
    expect(run.code).toBe(code);
  });
});
