import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { dump, load } from "js-yaml";
import { redocly } from "../../scripts/redocly/cli.js";
import { lint } from "../../scripts/redocly/lint.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** New values by JSON pointer; undefined removes what is there. */
type Change = Record<string, unknown>;

interface Row {
  title: string;
  change: Change;
  rule: string;
  at: string;
}

const list = "/paths/~1keys/get";
const create = "/paths/~1keys/post";
const remove = "/paths/~1keys~1{id}/delete";
const json = "content/application~1json";
const request = `${create}/requestBody/${json}`;
const answer = `${create}/responses/201/${json}`;
const unauthorized = "/components/responses/Unauthorized";
const fallback = "/components/responses/Default";
const schemas = "/components/schemas";

const rows: Row[] = [
  // The built-in rules that the specs rely on.
  {
    title: "a $ref to nowhere",
    change: { [`${list}/responses/403`]: { $ref: "#/components/responses/Nowhere" } },
    rule: "no-unresolved-refs",
    at: `${list}/responses/403`,
  },
  {
    title: "an example that breaks its schema",
    change: { [`${answer}/example/key`]: 7 },
    rule: "no-invalid-media-type-examples",
    at: `${answer}/example/key`,
  },
  {
    title: "an example of a default response that breaks its schema",
    change: { [`${fallback}/${json}/example/reason`]: 7 },
    rule: "no-invalid-media-type-examples",
    at: `${fallback}/${json}/example/reason`,
  },
  {
    title: "an example with a field that its schema does not know",
    change: { [`${answer}/example/keey`]: "plain" },
    rule: "no-invalid-media-type-examples",
    at: `${answer}/example/keey`,
  },
  {
    title: "a parameter's example that breaks its schema",
    change: { [`${list}/parameters/0/example`]: "ten" },
    rule: "no-invalid-parameter-examples",
    at: `${list}/parameters/0/example`,
  },
  {
    title: "an operationId that is used twice",
    change: { [`${create}/operationId`]: "listKeys" },
    rule: "operation-operationId-unique",
    at: `${create}/listKeys`,
  },
  {
    title: "a path parameter without a definition",
    change: { [`${remove}/parameters`]: undefined },
    rule: "path-parameters-defined",
    at: `${remove}/parameters`,
  },
  {
    title: "an operation without a 4xx",
    change: { [`${list}/responses/401`]: undefined },
    rule: "operation-4xx-response",
    at: `${list}/responses`,
  },

  // Operations.
  {
    title: "an operation without an operationId",
    change: { [`${list}/operationId`]: undefined },
    rule: "operation-operationId",
    at: `${list}/operationId`,
  },
  {
    title: "an operationId in snake_case",
    change: { [`${list}/operationId`]: "list_keys" },
    rule: "rule/operation-id-camel-case",
    at: `${list}/operationId`,
  },
  {
    title: "an operationId in PascalCase",
    change: { [`${list}/operationId`]: "ListKeys" },
    rule: "rule/operation-id-camel-case",
    at: `${list}/operationId`,
  },
  {
    title: "a POST without x-idempotent",
    change: { [`${create}/x-idempotent`]: undefined },
    rule: "rule/idempotency-declared",
    at: `${create}/x-idempotent`,
  },
  {
    title: "a DELETE without x-idempotent",
    change: { [`${remove}/x-idempotent`]: undefined },
    rule: "rule/idempotency-declared",
    at: `${remove}/x-idempotent`,
  },
  {
    title: "an x-idempotent that is text",
    change: { [`${remove}/x-idempotent`]: "true" },
    rule: "rule/idempotency-declared",
    at: `${remove}/x-idempotent`,
  },
  {
    title: "an x-idempotent that is null",
    change: { [`${remove}/x-idempotent`]: null },
    rule: "rule/idempotency-declared",
    at: `${remove}/x-idempotent`,
  },
  {
    title: "a GET with x-idempotent",
    change: { [`${list}/x-idempotent`]: true },
    rule: "rule/idempotency-of-get",
    at: `${list}/x-idempotent`,
  },
  {
    title: "an operation without x-source",
    change: { [`${list}/x-source`]: undefined },
    rule: "rule/source-given",
    at: `${list}/x-source`,
  },
  {
    title: "an x-source that is text",
    change: { [`${list}/x-source`]: "the manual" },
    rule: "rule/source-given",
    at: `${list}/x-source`,
  },
  {
    title: "an x-source that names nothing",
    change: { [`${list}/x-source`]: {} },
    rule: "rule/source-given",
    at: `${list}/x-source`,
  },
  {
    title: "an x-source that does not say what is taken from a document",
    change: { [`${list}/x-source/manual`]: "" },
    rule: "rule/source-given",
    at: `${list}/x-source/manual`,
  },
  {
    title: "a spec without x-sources",
    change: { "/x-sources": undefined },
    rule: "rule/sources-listed",
    at: "/x-sources",
  },
  {
    title: "a source without its repository",
    change: { "/x-sources/manual/repository": undefined },
    rule: "rule/sources-listed",
    at: "/x-sources/manual",
  },
  {
    title: "a source with neither commit nor version",
    change: { "/x-sources/manual/version": undefined },
    rule: "rule/sources-listed",
    at: "/x-sources/manual",
  },
  {
    title: "a source without the date",
    change: { "/x-sources/manual/read": undefined },
    rule: "rule/sources-listed",
    at: "/x-sources/manual",
  },
  {
    title: "a source that was read on a day that does not exist",
    change: { "/x-sources/manual/read": "2026-02-30" },
    rule: "rule/sources-listed",
    at: "/x-sources/manual/read",
  },
  {
    title: "a source with a misspelt field",
    change: { "/x-sources/manual/raed": "2026-01-31" },
    rule: "rule/sources-listed",
    at: "/x-sources/manual/raed",
  },
  {
    title: "an operation without a description",
    change: { [`${list}/description`]: undefined },
    rule: "operation-description",
    at: `${list}/description`,
  },
  {
    title: "a parameter without a description",
    change: { [`${list}/parameters/0/description`]: undefined },
    rule: "parameter-description",
    at: `${list}/parameters/0`,
  },

  // Bodies.
  {
    title: "a 4xx without a body",
    change: { [`${list}/responses/401`]: { description: "No." } },
    rule: "rule/errors-have-bodies",
    at: `${list}/responses/401/content`,
  },
  {
    title: "a 5XX without a body",
    change: { [`${list}/responses/5XX`]: { description: "No." } },
    rule: "rule/errors-have-bodies",
    at: `${list}/responses/5XX/content`,
  },
  {
    title: "a default response without a body",
    change: { [`${create}/responses/default`]: { description: "No." } },
    rule: "rule/errors-have-bodies",
    at: `${create}/responses/default/content`,
  },
  {
    title: "a shared error response without a body",
    change: { [`${unauthorized}/content`]: undefined },
    rule: "rule/errors-have-bodies",
    at: `${unauthorized}/content`,
  },
  {
    title: "an error with an empty content",
    change: { [`${unauthorized}/content`]: {} },
    rule: "rule/errors-have-bodies",
    at: `${unauthorized}/content`,
  },
  {
    title: "an error whose only body is text",
    change: {
      [`${fallback}/content`]: { "text/plain": { schema: { type: "string" }, example: "no" } },
    },
    rule: "rule/errors-have-bodies",
    at: `${fallback}/content`,
  },
  {
    title: "an error body without a schema",
    change: { [`${fallback}/${json}/schema`]: undefined },
    rule: "rule/bodies-have-schemas",
    at: `${fallback}/${json}`,
  },
  {
    title: "an error body without an example",
    change: { [`${unauthorized}/${json}/example`]: undefined },
    rule: "rule/bodies-have-examples",
    at: `${unauthorized}/${json}`,
  },
  {
    title: "a default body without an example",
    change: { [`${fallback}/${json}/example`]: undefined },
    rule: "rule/bodies-have-examples",
    at: `${fallback}/${json}`,
  },
  {
    title: "an answer without an example",
    change: { [`${answer}/example`]: undefined },
    rule: "rule/bodies-have-examples",
    at: answer,
  },
  {
    title: "a request body without an example",
    change: { [`${request}/examples`]: undefined },
    rule: "rule/bodies-have-examples",
    at: request,
  },
  {
    title: "an empty map of examples",
    change: { [`${request}/examples`]: {} },
    rule: "rule/examples-not-empty",
    at: `${request}/examples`,
  },
  {
    title: "a named example without a value",
    change: { [`${request}/examples/named/value`]: undefined },
    rule: "rule/examples-have-values",
    at: `${request}/examples/named`,
  },
  {
    title: "a named example without a summary",
    change: { [`${request}/examples/named/summary`]: undefined },
    rule: "rule/examples-have-values",
    at: `${request}/examples/named`,
  },

  // Secrets.
  {
    title: "an unmarked secret in the items of an answer",
    change: {
      [`${list}/responses/200/${json}/schema/items/properties/token/format`]: undefined,
    },
    rule: "rule/secrets-marked",
    at: `${list}/responses/200/${json}/schema/items/properties/token`,
  },
  {
    title: "an unmarked secret within an object of a request",
    change: { [`${schemas}/NewKey/properties/external/properties/api_key/format`]: undefined },
    rule: "rule/secrets-marked",
    at: `${schemas}/NewKey/properties/external/properties/api_key`,
  },
  {
    title: "an unmarked secret in a part of an allOf",
    change: { [`${schemas}/CreatedKey/allOf/0/properties/secret/format`]: undefined },
    rule: "rule/secrets-marked",
    at: `${schemas}/CreatedKey/allOf/0/properties/secret`,
  },
  {
    title: "an unmarked secret behind a $ref",
    change: {
      [`${schemas}/CreatedKey/properties/key/$ref`]: "#/components/schemas/Key",
      [`${answer}/example/key`]: { id: "a" },
    },
    rule: "rule/secrets-marked",
    at: `${schemas}/CreatedKey/properties/key`,
  },
  {
    title: "an unmarked nullable secret",
    change: { [`${schemas}/CreatedKey/properties/token/anyOf/0`]: { type: "string" } },
    rule: "rule/secrets-marked",
    at: `${schemas}/CreatedKey/properties/token`,
  },
  {
    // The generator looks only behind the $ref.
    title: "a mark beside a $ref instead of behind it",
    change: {
      [`${schemas}/CreatedKey/properties/api_key/x-not-secret`]: undefined,
      [`${schemas}/CreatedKey/properties/api_key/format`]: "password",
    },
    rule: "rule/secrets-marked",
    at: `${schemas}/CreatedKey/properties/api_key`,
  },
  {
    title: "an exemption without a reason",
    change: { [`${schemas}/CreatedKey/properties/api_key/x-not-secret`]: "" },
    rule: "rule/secrets-marked",
    at: `${schemas}/CreatedKey/properties/api_key`,
  },
  {
    title: "an exemption with a flag in place of a reason",
    change: { [`${schemas}/CreatedKey/properties/api_key/x-not-secret`]: true },
    rule: "rule/secrets-marked",
    at: `${schemas}/CreatedKey/properties/api_key`,
  },

  // Schemas.
  ...["Error", "Record", "Response"].map((name) => ({
    title: `a schema called ${name}`,
    change: {
      [`${schemas}/${name}`]: { description: "Text.", type: "string" },
      [`${schemas}/Failure/properties/reason/$ref`]: `#/components/schemas/${name}`,
    },
    rule: "rule/schema-names",
    at: `${schemas}/${name}`,
  })),
  {
    title: "a schema without a description",
    change: { [`${schemas}/NewKey/description`]: undefined },
    rule: "rule/schemas-described",
    at: `${schemas}/NewKey/description`,
  },
  {
    title: "a property without a description",
    change: { [`${schemas}/Failure/properties/reason/description`]: undefined },
    rule: "rule/properties-described",
    at: `${schemas}/Failure/properties/reason/description`,
  },
  {
    title: "a property with an empty description",
    change: { [`${schemas}/NewKey/properties/external/properties/api_key/description`]: "" },
    rule: "rule/properties-described",
    at: `${schemas}/NewKey/properties/external/properties/api_key/description`,
  },
];

const allowed: { title: string; change: Change }[] = [
  { title: "the good spec: a dotted parameter, an empty 200 on DELETE", change: {} },
  {
    title: "an error with a second body that is not JSON",
    change: {
      [`${unauthorized}/content/text~1plain`]: { schema: { type: "string" }, example: "no" },
    },
  },
  {
    title: "a named example behind a $ref",
    change: {
      [`${request}/examples/named`]: { $ref: "#/components/examples/Named" },
      "/components/examples": { Named: { summary: "With a name", value: { name: "a" } } },
    },
  },
  {
    title: "a property described beside its $ref's own description",
    change: { [`${schemas}/CreatedKey/properties/key/description`]: "The key's plaintext." },
  },
  {
    title: "an exempted secret without a $ref",
    change: {
      [`${schemas}/CreatedKey/properties/token`]: {
        description: "How many tokens are left.",
        type: ["integer", "null"],
        "x-not-secret": "a number of language model tokens",
      },
    },
  },
];

/** What is told of a problem, whoever found it. */
interface Problem {
  file: string;
  at: string | undefined;
  rule: string;
  severity: string;
  message: string;
}

let problems: Problem[];
let problemsOfTheCommand: Problem[];

/** One run of the command for all variants: starting it takes longer than linting. */
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "keysmith-lint-"));
  try {
    const good = await readFile(join(repository, "test/fixtures/lint/good.yaml"), "utf8");
    const files = await Promise.all(
      [...allowed, ...rows].map(async ({ title, change }) => {
        const file = fileOf(title);
        await writeFile(join(folder, file), dump(changed(load(good), change)));
        return file;
      }),
    );
    await writeFile(join(folder, "redocly.yaml"), dump({ extends: [join(repository, "redocly.yaml")] }));
    const [linted, { stdout }] = await Promise.all([
      lint(folder, files),
      redocly(folder, ["lint", ...files, "--format=json", "--max-problems=1000"]),
    ]);
    expect(linted.failure).toBe(undefined);
    problems = linted.problems.map(({ ruleId, severity, message, location: [first] }) => {
      return {
        file: relative(folder, first?.source.absoluteRef ?? ""),
        at: first?.pointer,
        rule: ruleId,
        severity,
        message,
      };
    });
    const reports = reportsOf(stdout);
    expect(reports).toHaveLength(files.length);
    problemsOfTheCommand = reports.flatMap((report) =>
      report.problems.map(({ ruleId, severity, message, location: [first] }) => {
        return { file: first?.source.ref ?? "", at: first?.pointer, rule: ruleId, severity, message };
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);

// Not it.each, which cuts long titles short.
for (const { title, rule, at } of rows) {
  it(`${title} fails lint`, () => {
    expect(problemsOf(title)).toMatchObject([{ severity: "error", rule, at: `#${at}` }]);
  });
}

for (const { title } of allowed) {
  it(`${title} passes lint`, () => {
    expect(problemsOf(title)).toEqual([]);
  });
}

// The linter of `generate` and the command that annotates pull requests are two packages, whose versions differ.
it("is linted by the redocly command as within the process", () => {
  const sorted = (found: Problem[]) => found.map((problem) => JSON.stringify(problem)).sort();
  expect(sorted(problems)).toEqual(sorted(problemsOfTheCommand));
});

function fileOf(title: string): string {
  return `${title.replace(/\W+/g, "-")}.yaml`;
}

function problemsOf(title: string): Problem[] {
  return problems.filter(({ file }) => file === fileOf(title));
}

function changed(spec: unknown, change: Change): unknown {
  for (const [pointer, value] of Object.entries(change)) {
    const tokens = pointer
      .slice(1)
      .split("/")
      .map((token) => token.replaceAll("~1", "/"));
    const last = tokens.pop() ?? "";
    const parent = tokens.reduce<unknown>((node, token) => (isParent(node) ? node[token] : undefined), spec);
    if (!isParent(parent) || (value === undefined && !(last in parent)))
      throw new Error(`the good spec has nothing at ${pointer}`);
    if (value === undefined) Reflect.deleteProperty(parent, last);
    else parent[last] = value;
  }
  return spec;
}

it("says that a path with a # cannot be linted, and not that its schemas are missing", async () => {
  const { ok, problems, failure } = await lint(repository, [join(tmpdir(), "a#b", "lantern.yaml")]);
  expect({ ok, problems }).toEqual({ ok: false, problems: [] });
  expect(failure).toMatch(/^Failed to lint .*a#b.lantern\.yaml:\n\n {2}- a folder above it has a # in its name/);
});

/** An object, or a list by its indices. */
function isParent(node: unknown): node is Record<string, unknown> {
  return typeof node === "object" && node !== null;
}

interface Report {
  problems: {
    ruleId: string;
    severity: string;
    message: string;
    location: { source: { ref: string }; pointer: string }[];
  }[];
}

/** The command prints one JSON document for each spec, with nothing between them. */
function reportsOf(output: string): Report[] {
  return JSON.parse(`[${output.replace(/^\}\{$/gm, "},{")}]`) as Report[];
}
