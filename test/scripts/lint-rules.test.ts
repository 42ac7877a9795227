import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { redocly } from "../../scripts/redocly.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

// Each row breaks the good document once, by replacing the first text with the second.
const rows: { title: string; from: string | RegExp; to: string; rule: string; at: string }[] = [
  {
    title: "an operation without operationId",
    from: "operationId: listKeys",
    to: "description: Lists.",
    rule: "operation-operationId",
    at: "#/paths/~1keys/get/operationId",
  },
  {
    title: "an operationId in snake_case",
    from: "listKeys",
    to: "list_keys",
    rule: "rule/operation-id-camel-case",
    at: "#/paths/~1keys/get/operationId",
  },
  {
    title: "an operationId in PascalCase",
    from: "listKeys",
    to: "ListKeys",
    rule: "rule/operation-id-camel-case",
    at: "#/paths/~1keys/get/operationId",
  },
  {
    title: "a POST without x-idempotent",
    from: "x-idempotent: false",
    to: "",
    rule: "rule/idempotency-declared",
    at: "#/paths/~1keys/post/x-idempotent",
  },
  {
    title: "a DELETE without x-idempotent",
    from: "x-idempotent: true",
    to: "",
    rule: "rule/idempotency-declared",
    at: "#/paths/~1keys~1{id}/delete/x-idempotent",
  },
  {
    title: "an x-idempotent that is neither true nor false",
    from: "x-idempotent: true",
    to: "x-idempotent: sometimes",
    rule: "rule/idempotency-declared",
    at: "#/paths/~1keys~1{id}/delete/x-idempotent",
  },
  {
    title: "a GET with x-idempotent",
    from: "operationId: listKeys",
    to: "operationId: listKeys\n      x-idempotent: true",
    rule: "rule/idempotency-of-get",
    at: "#/paths/~1keys/get/x-idempotent",
  },
  {
    title: "an operation without x-source",
    from: /x-source: .*/,
    to: "",
    rule: "rule/source-given",
    at: "#/paths/~1keys/get",
  },
  {
    title: "an x-source without documents",
    from: "documents: [the provider's documentation]",
    to: "documents: []",
    rule: "rule/source-given",
    at: "#/paths/~1keys/get/x-source",
  },
  {
    title: "an x-source without a date",
    from: 'read: "2026-01-31"',
    to: "read: lately",
    rule: "rule/source-given",
    at: "#/paths/~1keys/get/x-source",
  },
  {
    title: "an error response without a body",
    from: '"401": { $ref: "#/components/responses/Unauthorized" }',
    to: '"401": { description: No. }',
    rule: "rule/errors-have-bodies",
    at: "#/paths/~1keys/get/responses/401",
  },
  {
    title: "a default response without a body",
    from: 'default: { $ref: "#/components/responses/Default" }',
    to: "default: { description: No. }",
    rule: "rule/errors-have-bodies",
    at: "#/paths/~1keys/get/responses/default",
  },
  {
    title: "a shared error response without a body",
    from: /description: No credential\.[\s\S]*?example: .*/,
    to: "description: No credential.",
    rule: "rule/errors-have-bodies",
    at: "#/components/responses/Unauthorized",
  },
  {
    title: "an error body without a schema",
    from: 'schema: { $ref: "#/components/schemas/Failure" }',
    to: "",
    rule: "rule/bodies-have-schemas",
    at: "#/components/responses/Unauthorized/content/application~1json",
  },
  {
    title: "an error body without an example",
    from: "example: { message: no }",
    to: "",
    rule: "rule/bodies-have-examples",
    at: "#/components/responses/Unauthorized/content/application~1json",
  },
  {
    title: "an answer without an example",
    from: "example: { id: a, key: plain }",
    to: "",
    rule: "rule/bodies-have-examples",
    at: "#/paths/~1keys/post/responses/201/content/application~1json",
  },
  {
    title: "a request body without an example",
    from: /examples:\s*named: .*/,
    to: "",
    rule: "rule/bodies-have-examples",
    at: "#/paths/~1keys/post/requestBody/content/application~1json",
  },
  {
    title: "a key that is not marked as a secret",
    from: "key: { type: string, format: password }",
    to: "key: { type: string }",
    rule: "rule/secrets-marked",
    at: "#/components/schemas/Key/properties/key",
  },
  {
    title: "a nested api_key that is not marked as a secret",
    from: "kind: { type: string }",
    to: "api_key: { type: string }",
    rule: "rule/secrets-marked",
    at: "#/components/schemas/TokenInfo/properties/api_key",
  },
  {
    title: "a token that is exempted without a reason",
    from: "x-not-secret: it only describes one",
    to: 'x-not-secret: ""',
    rule: "rule/secrets-marked",
    at: "#/components/schemas/Key/properties/token",
  },
  {
    title: "a secret in a request that is not marked",
    from: "{ type: string, format: password }, { type",
    to: "{ type: string }, { type",
    rule: "rule/secrets-marked",
    at: "#/components/schemas/NewKey/properties/secret",
  },
  {
    title: "a schema that is called like a global",
    from: /Failure/g,
    to: "Error",
    rule: "rule/schema-names",
    at: "#/components/schemas/Error",
  },
  {
    title: "a $ref to nowhere",
    from: "schemas/NewKey",
    to: "schemas/Nowhere",
    rule: "no-unresolved-refs",
    at: "#/paths/~1keys/post/requestBody/content/application~1json/schema",
  },
  {
    title: "an example that breaks its schema",
    from: "example: { message: no }",
    to: "example: { message: 7 }",
    rule: "no-invalid-media-type-examples",
    at: "#/components/responses/Unauthorized/content/application~1json/example/message",
  },
  {
    title: "a duplicate operationId",
    from: "createKey",
    to: "listKeys",
    rule: "operation-operationId-unique",
    at: "#/paths/~1keys/post/listKeys",
  },
  {
    title: "a path parameter without definition",
    from: "/keys/{id}:",
    to: "/keys/{id}/{more}:",
    rule: "path-parameters-defined",
    at: "#/paths/~1keys~1{id}~1{more}/delete/parameters",
  },
  {
    title: "an operation without a 4xx",
    from: /"200": \{ description: Gone\. \}\s*"401": .*/,
    to: '"200": { description: Gone. }',
    rule: "operation-4xx-response",
    at: "#/paths/~1keys~1{id}/delete/responses",
  },
];

interface Problem {
  ruleId: string;
  severity: string;
  location: { source: { ref: string }; pointer: string }[];
}

describe("a spec that breaks a convention fails lint:", () => {
  let folder: string;
  let problems: Problem[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "keysmith-lint-"));
    const good = await readFile(join(repository, "test/fixtures/lint/good.yaml"), "utf8");
    const variants = [good, ...rows.map(({ from, to }) => good.replace(from, to))];
    await Promise.all(
      variants.map((text, index) => writeFile(join(folder, `${String(index)}.yaml`), text)),
    );
    const config = parse(await readFile(join(repository, "redocly.yaml"), "utf8")) as {
      plugins: string[];
    };
    const apis = Object.fromEntries(
      variants.map((_, index) => [`v${String(index)}`, { root: `${String(index)}.yaml` }]),
    );
    const plugins = config.plugins.map((plugin) => join(repository, plugin));
    await writeFile(join(folder, "redocly.yaml"), stringify({ ...config, apis, plugins }));
    problems = await lint(folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const problemsOf = (index: number) =>
    problems
      .filter(({ location }) => location[0]?.source.ref === `${String(index)}.yaml`)
      .map(
        ({ ruleId, severity, location }) => `${severity} ${ruleId} ${location[0]?.pointer ?? ""}`,
      );

  it("not the good one, with which they begin", () => {
    expect(problemsOf(0)).toEqual([]);
  });

  it.each(rows.map((row, index) => ({ ...row, index: index + 1 })))(
    "$title",
    ({ index, rule, at }) => {
      expect(problemsOf(index)).toContain(`error ${rule} ${at}`);
    },
  );
});

interface Report {
  problems: Problem[];
}

async function lint(folder: string): Promise<Problem[]> {
  const { stdout } = await redocly(folder, ["lint", "--format=json", "--max-problems=1000"]);
  // One report for each api, with nothing between them.
  const reports = JSON.parse(`[${stdout.trim().replace(/^\}\{$/gm, "},{")}]`) as Report[];
  return reports.flatMap((report) => report.problems);
}
