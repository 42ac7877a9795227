import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { load } from "js-yaml";
import { compare } from "../../scripts/openapi-diff/compare.js";
import { placesIn } from "../../scripts/openapi-diff/places.js";
import { check } from "../../scripts/reconcile/check.js";
import { decisionsIn } from "../../scripts/reconcile/read-decisions.js";
import { redocly } from "../../scripts/redocly/cli.js";
import { Spec } from "../../scripts/render/spec.js";
import { changed, type Change } from "../fixtures/upstream/change.js";
import { runHere, runScript, temporaryProjects } from "./temporary-project.js";

const temporaryProject = temporaryProjects();

const repository = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(repository, "spec/sources");
const read = async (file: string): Promise<unknown> => load(await readFile(join(repository, file), "utf8"));

const placeOf = () => "decisions.yaml:1";
const providers = ["estuary", "openrouter", "cockroach", "openai", "openaiproject", "cloudflare", "unleash"] as const;
type Provider = (typeof providers)[number];

const ok = "responses 200 content application/json schema";

/** What happens to the curated specs, and what is said of it. */
const curatedRows: { change: string; provider: Provider; to: Change; says: string[] }[] = [
  {
    change: "Estuary's list is nested again",
    provider: "estuary",
    to: { [`paths /user/api-keys get ${ok} items`]: { type: "array", items: { type: "object" } } },
    says: ["estuary-list-is-flat", "estuary-go at GET /user/api-keys > 200 > []"],
  },
  {
    change: "Estuary's export is a string again",
    provider: "estuary",
    to: { [`paths /user/export get ${ok}`]: { type: "string" } },
    says: ["estuary-export-is-an-object"],
  },
  {
    change: "Estuary's stats are a string again",
    provider: "estuary",
    to: { [`paths /user/stats get ${ok}`]: { type: "string" } },
    says: ["estuary-stats-are-an-object", "estuary-go at GET /user/stats > 200"],
  },
  {
    change: "Estuary's DELETE has a body again",
    provider: "estuary",
    to: {
      "paths /user/api-keys/{key_or_hash} delete responses 200 content": {
        "application/json": { schema: { type: "string" } },
      },
    },
    says: ["estuary-delete-answers-nothing"],
  },
  {
    change: "Estuary's label is not known any more",
    provider: "estuary",
    to: { "paths /user/api-keys post parameters 2": undefined },
    says: ["estuary-label: the curated spec has no POST /user/api-keys > query label"],
  },
  {
    change: "any permission will do again",
    provider: "estuary",
    to: { "components schemas ApiKeyPermissions enum": undefined },
    says: ["estuary-permission-values: the curated spec has no POST /user/api-keys > query perms (enum)"],
  },
  {
    change: "the summary of the stats is that of another operation again",
    provider: "estuary",
    to: { "paths /user/stats get summary": "Create API keys" },
    says: ["estuary-summaries: the description of GET /user/stats does not mention"],
  },
  {
    change: "OpenRouter's include_disabled is a string again",
    provider: "openrouter",
    to: { "paths /keys get parameters 0 schema": { type: "string" } },
    says: ["openrouter-include-disabled-is-a-boolean"],
  },
  {
    change: "OpenRouter's limit is never null again",
    provider: "openrouter",
    to: { "components schemas ApiKey properties limit type": "number" },
    says: ["openrouter-limits-are-nullable at * > 20* > data*.limit:"],
  },
  {
    change: "a later field of OpenRouter's is required",
    provider: "openrouter",
    to: { "components schemas CurrentApiKey required 0": "budgets" },
    says: ["openrouter-newest-fields-are-optional at GET /key > 200 > data.budgets"],
  },
  {
    change: "OpenRouter's GET /key has no 429 again",
    provider: "openrouter",
    to: { "paths /key get responses 429": undefined },
    says: ["openrouter-429-everywhere: the curated spec has no GET /key > 429"],
  },
  {
    change: "CockroachDB's cursor has its Go name",
    provider: "cockroach",
    to: { "paths /api/v1/api-keys get parameters 5 name": "paginationPage" },
    says: ["cockroach-dotted-names at GET /api/v1/api-keys > query pagination.page"],
  },
  {
    change: "CockroachDB's sort order is any string again",
    provider: "cockroach",
    to: { "components schemas SortOrder enum": undefined },
    says: ["cockroach-sort-order-values"],
  },
  {
    change: "OpenRouter's GET /key has a field that no document has there, but for other operations",
    provider: "openrouter",
    to: { "components schemas CurrentApiKey properties external_user": { type: ["string", "null"] } },
    says: ["openrouter at GET /key > 200 > data.external_user: no document states it. Say where it is known from"],
  },
  {
    change: "OpenRouter's GET /key tells the last use, as no document says",
    provider: "openrouter",
    to: { "components schemas CurrentApiKey properties last_used_at": { type: ["string", "null"] } },
    says: ["openrouter at GET /key > 200 > data.last_used_at: no document states it"],
  },
  {
    change: "CockroachDB takes a header that nobody has named",
    provider: "cockroach",
    to: { "paths /api/v1/api-keys post parameters 2": { name: "Cc-Client", in: "header", schema: { type: "string" } } },
    says: ["cockroach at POST /api/v1/api-keys > header Cc-Client: no document states it"],
  },
  {
    change: "Estuary's export has a field that the server does not write",
    provider: "estuary",
    to: { "components schemas UserExport properties Owner": { type: "string" } },
    says: ["estuary at GET /user/export > 200 > Owner: no document states it"],
  },
  {
    change: "a place has a third thing to say",
    provider: "estuary",
    to: { [`paths /user/export get ${ok}`]: { type: "array", items: {} } },
    says: [
      "estuary-export-is-an-object at GET /user/export > 200: estuary-go: type string is claimed, and the curated spec says type array",
    ],
  },
];

/** What happens to the decisions, and what is said of it. */
const decisionRows: { change: string; to: (decisions: Record<string, unknown>[]) => unknown[]; says: string[] }[] = [
  {
    change: "one is deleted",
    to: (all) => all.filter(({ id }) => id !== "estuary-stats-are-an-object"),
    says: [
      "estuary-swagger at GET /user/stats > 200",
      "estuary-eiffel at GET /user/stats > 200: type string is claimed, and the curated spec says type object. No decision is about this",
      "estuary-kotlin at GET /user/stats > 200",
    ],
  },
  {
    change: "a stale one is added",
    to: (all) => [
      ...all,
      decision({ kind: "difference", places: [{ at: "GET /user/stats > 200", aspect: "format", claims: "x" }] }),
    ],
    says: ["decision added at GET /user/stats > 200: estuary-go and the curated spec do not differ there"],
  },
  {
    change: "one is added for what a source agrees with",
    to: (all) => [
      ...all,
      decision({ kind: "difference", places: [{ at: "GET /user/api-keys > 200", aspect: "type", claims: "string" }] }),
    ],
    says: ["decision added at GET /user/api-keys > 200: estuary-go and the curated spec do not differ there"],
  },
  {
    change: "the same is decided again",
    to: (all) => [...all, { ...all.find(({ id }) => id === "estuary-export-is-an-object"), id: "again" }],
    says: ["estuary-swagger", "estuary-go", "estuary-eiffel", "estuary-kotlin"].map(
      (id) =>
        `${id} at GET /user/export > 200: type string is claimed, and the curated spec says type object. It is decided more than once: estuary-export-is-an-object, again.`,
    ),
  },
  {
    change: "a silence is added of which a source speaks",
    to: (all) => [...all, decision({ kind: "silence", places: [{ at: "POST /user/api-keys > query expiry" }] })],
    says: ["decision added: estuary-go is not silent about POST /user/api-keys > query expiry"],
  },
  {
    change: "a silence is added at a place that is nowhere",
    to: (all) => [...all, decision({ kind: "silence", places: [{ at: "GET /nowhere" }] })],
    says: ["decision added: the curated spec has no GET /nowhere"],
  },
  {
    change: "one has what is known from source code without naming it",
    to: (all) => [
      ...all,
      decision({
        kind: "silence",
        knownFrom: ["estuary-server"],
        places: [{ at: "GET /user/stats > 401 > *" }],
      }),
    ],
    says: ["decision added at GET /user/stats > 401 > *: what is known from no document has to be named"],
  },
  {
    change: "one of them does not name the provider's own document any more, which is silent, too",
    to: (all) =>
      all.map((one) =>
        one["id"] === "estuary-label" ? { ...one, sources: ["estuary-go", "estuary-eiffel", "estuary-kotlin"] } : one,
      ),
    says: ["estuary-swagger at POST /user/api-keys > query label: nothing of the kind is claimed"],
  },
  {
    change: "prose is added at a place that is nowhere",
    to: (all) => [...all, decision({ kind: "prose", places: [{ at: "GET /user/stats > 200 > x" }] })],
    says: ["decision added: the curated spec has no GET /user/stats > 200 > x"],
  },
];

function decision(fields: Record<string, unknown>): Record<string, unknown> {
  const texts = { claims: "a", says: "b", why: "c", evidence: "d" };
  return { id: "added", provider: "estuary", sources: ["estuary-go"], ...texts, ...fields };
}

describe("reconcile", () => {
  const documents = new Map<string, unknown>();
  const others = new Map<string, Spec>();
  let written: Record<string, Record<string, unknown>[]>;
  beforeAll(async () => {
    for (const provider of providers) documents.set(provider, await read(`spec/${provider}.yaml`));
    written = (await read("spec/sources/decisions.yaml")) as typeof written;
    for (const { id, document } of decisionsIn(written, [...providers], placeOf).sources) {
      if (document !== undefined) others.set(id, new Spec(await read(`spec/sources/${document}`)));
    }
  });

  /** What is said of these decisions where the curated spec of a provider is changed. */
  function problemsWith(decisions: unknown, provider?: Provider, to: Change = {}): string[] {
    const known = decisionsIn(decisions, [...providers], placeOf);
    const curated = new Map(
      [...documents].map(([name, one]) => [name, new Spec(name === provider ? changed(one, to) : one)]),
    );
    const compared = known.sources.flatMap((source) => {
      const [spec, other] = [curated.get(source.provider), others.get(source.id)];
      return spec && other ? [{ ...source, ...compare(spec, other) }] : [];
    });
    return check(known, compared, new Map([...curated].map(([name, spec]) => [name, placesIn(spec)])));
  }

  it("finds every contradiction of the repository decided, and every decision needed", () => {
    expect(problemsWith(written)).toEqual([]);
  });

  it.each(curatedRows)("fails when $change", ({ provider, to, says }) => {
    const problems = problemsWith(written, provider, to);
    for (const text of says) expect(problems).toContainEqual(expect.stringContaining(text));
  });

  it.each(decisionRows)("fails when of the decisions $change", ({ to, says }) => {
    const found = problemsWith({ ...written, decisions: to(structuredClone(written["decisions"] ?? [])) });
    for (const text of says) expect(found).toContainEqual(expect.stringContaining(text));
    expect(found).toHaveLength(says.length);
  });
});

describe("decisions.yaml", () => {
  const sources = { "estuary-go": { provider: "estuary", title: "Go" } };
  const rows: { given: string; decisions: unknown[]; says: string }[] = [
    {
      given: "another kind",
      decisions: [decision({ kind: "whim", places: [{ at: "info" }] })],
      says: "decision added: its kind is whim, not difference, silence or prose",
    },
    {
      given: "no reason",
      decisions: [decision({ kind: "prose", why: "", places: [{ at: "info" }] })],
      says: "decisions.yaml:1: decision added: why must be a text that is not empty. Write it.",
    },
    {
      given: "a source that is not there",
      decisions: [decision({ kind: "prose", sources: ["x"], places: [{ at: "info" }] })],
      says: "decision added: estuary has no source that is called x",
    },
    {
      given: "no place",
      decisions: [decision({ kind: "prose", places: [] })],
      says: "decision added: places is empty. Name at least one.",
    },
    {
      given: "a misspelt field",
      decisions: [decision({ kind: "prose", places: [{ at: "info", mention: "x" }] })],
      says: "decision added: places.0: mention is none of at, mentions. Correct or remove it.",
    },
    {
      given: "an id twice",
      decisions: [1, 2].map(() => decision({ kind: "prose", places: [{ at: "info" }] })),
      says: "decision added: there are two of this id",
    },
    { given: "nothing", decisions: [], says: "decisions.yaml:1: decisions: the list is empty. Name at least one." },
  ];
  it.each(rows)("is refused with $given", ({ decisions, says }) => {
    expect(() => decisionsIn({ sources, decisions }, ["estuary"], placeOf)).toThrow(says);
  });
});

describe("spec/sources", () => {
  it("holds valid documents", async () => {
    const documents = (await readdir(folder)).filter((file) => !/^(decisions|redocly)\.yaml$/.test(file));
    expect(documents.length).toBeGreaterThanOrEqual(5);
    const { code, stdout } = await redocly(folder, ["lint", "--config=redocly.yaml", ...documents]);
    expect(stdout).toBe("");
    expect(code).toBe(0);
  });
});

describe("npm run reconcile", () => {
  it("prints every decision in a table that fits a terminal", async () => {
    const { root } = await temporaryProject();
    const { code, output } = await runHere(root, "reconcile");
    const { decisions } = decisionsIn(await read("spec/sources/decisions.yaml"), [...providers], placeOf);
    for (const { id, kind } of decisions) expect(output).toContain(`${id} (${kind})\n`);
    expect(decisions.filter(({ provider }) => provider === "estuary").length).toBeGreaterThanOrEqual(10);
    expect(Math.max(...output.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(output).toMatch(/\d+ contradictions in \d+ documents, all of them decided/);
    expect(code).toBe(0);
  });

  it("exits 1 and says what to do when the spec follows a source", async () => {
    const { root, edit } = await temporaryProject();
    await edit("spec/estuary.yaml", '$ref: "#/components/schemas/UserExport"\n', "type: string\n");
    const { code, output } = await runHere(root, "reconcile");
    expect(output.replace(/\s+/g, " ")).toContain(
      "decision estuary-export-is-an-object at GET /user/export > 200: estuary-go and the curated spec do not differ there. Remove the decision, or correct the spec.",
    );
    expect(code).toBe(1);
  });

  it("exits 1 when the decisions cannot be read", async () => {
    const { root, edit } = await temporaryProject();
    await edit("spec/sources/decisions.yaml", "kind: prose", "kind: whim");
    const { code, output } = await runScript(root, "reconcile");
    expect(output).toContain("its kind is whim");
    expect(code).toBe(1);
  });
});
