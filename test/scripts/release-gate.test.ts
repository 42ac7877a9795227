import { readFile } from "node:fs/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { load } from "js-yaml";
import { redoclyDiff } from "../../scripts/redocly/diff.js";
import { GitError, lastReleaseTag } from "../../scripts/release-gate/git.js";
import { isMajorRelease, judge, type Release } from "../../scripts/release-gate/gate.js";
import { rateChanges, type RatedChange } from "../../scripts/release-gate/rate.js";
import { changelog } from "../../scripts/release-gate/report.js";
import { isAtLeast, raised, type Bump } from "../../scripts/release-gate/version.js";
import { changed, type Change, type Json } from "../fixtures/upstream/change.js";

it("says that there is no git", async () => {
  vi.stubEnv("PATH", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(lastReleaseTag(process.cwd())).rejects.toThrow(new GitError("no git is found: install it"));
});

describe("the version that a release must have", () => {
  const rows: { given: [string, Bump]; want: string }[] = [
    { given: ["1.2.3", "none"], want: "1.2.3" },
    { given: ["1.2.3", "patch"], want: "1.2.4" },
    { given: ["1.2.3", "minor"], want: "1.3.0" },
    { given: ["1.2.3", "major"], want: "2.0.0" },
    { given: ["0.1.0", "patch"], want: "0.1.1" },
    { given: ["0.1.0", "minor"], want: "0.1.1" },
    { given: ["0.1.9", "major"], want: "0.2.0" },
    { given: ["1.0.0-rc.1", "patch"], want: "1.0.0" },
  ];
  it.each(rows)("after $given is $want", ({ given, want }) => expect(raised(...given)).toBe(want));

  it.each([
    { given: ["1.3.0", "1.3.0"], want: true },
    { given: ["1.10.0", "1.9.0"], want: true },
    { given: ["2.0.0-rc.1", "2.0.0"], want: true },
    { given: ["1.2.9", "1.3.0"], want: false },
    { given: ["0.9.0", "1.0.0"], want: false },
  ])("is reached by $given: $want", ({ given: [version = "", least = ""], want }) =>
    expect(isAtLeast(version, least)).toBe(want),
  );

  it("is a breaking release below 1.0.0 by its minor version", () => {
    expect(isMajorRelease("0.1.0", "0.1.5")).toBe(false);
    expect(isMajorRelease("0.1.0", "0.2.0")).toBe(true);
    expect(isMajorRelease("1.4.0", "1.5.0")).toBe(false);
  });

  it("is refused if it is none", () => expect(() => raised("v1", "patch")).toThrow('"v1" is no semantic version'));
});

const list = "paths /api/v1/api-keys get";
const key = "components schemas ApiKey";
const renamed =
  (from: string, to: string) =>
  (map: Json): Json =>
    Object.fromEntries(Object.entries(map).map(([name, value]) => [name === from ? to : name, value]));

/** The document with every reference to a component led elsewhere. */
const referring = (document: Json, from: string, to: string): Json =>
  JSON.parse(JSON.stringify(document).replaceAll(`"#/components/${from}"`, `"#/components/${to}"`)) as Json;

interface Row {
  change: string;
  /** Those of one number are compared at once: to start the differ takes longer than to compare. */
  diff: 1 | 2 | 3 | 4;
  to: Change;
  redirect?: [string, string];
  want: RatedChange[];
}

const rows: Row[] = [
  { change: "the version", diff: 1, to: { "info version": "9.9.9" }, want: [] },
  {
    change: "prose",
    diff: 1,
    to: { "info description": "Other words.", [`${key} properties name description`]: "Other words." },
    want: [
      { impact: "patch", sentence: "Descriptions or examples were revised." },
      { impact: "patch", sentence: "Descriptions or examples were revised." },
    ],
  },
  {
    change: "a new field",
    diff: 1,
    to: { [`${key} properties color`]: { type: "string" } },
    want: [{ impact: "minor", sentence: "The property `color` was added (`ApiKey`)." }],
  },
  {
    change: "a removed field",
    diff: 2,
    to: { [`${key} properties name`]: undefined },
    want: [{ impact: "major", sentence: "Property `name` of `ApiKey` was removed." }],
  },
  {
    change: "a new status",
    diff: 1,
    to: { [`${list} responses 418`]: { description: "A teapot." } },
    want: [{ impact: "minor", sentence: "The response `418` was added (`GET /api/v1/api-keys`)." }],
  },
  {
    change: "a renamed query parameter",
    diff: 1,
    to: { [`${list} parameters 4 name`]: "pagination.cursor" },
    want: [
      {
        impact: "major",
        sentence: "The parameter `pagination.page` was renamed to `pagination.cursor` (`GET /api/v1/api-keys`).",
      },
    ],
  },
  {
    change: "a renamed path parameter, which is a patch to the differ",
    diff: 2,
    to: {
      paths: renamed("/api/v1/api-keys/{id}", "/api/v1/api-keys/{key_id}"),
      "components parameters ApiKeyId name": "key_id",
    },
    want: [
      {
        impact: "major",
        sentence: "The path `/api/v1/api-keys/{id}` was renamed to `/api/v1/api-keys/{key_id}`.",
      },
      { impact: "major", sentence: "The parameter `id` was renamed to `key_id` (`ApiKeyId`)." },
    ],
  },
  {
    change: "a renamed schema, which is a patch to the differ",
    diff: 4,
    to: { "components schemas": renamed("ApiKey", "Key") },
    redirect: ["schemas/ApiKey", "schemas/Key"],
    want: [{ impact: "major", sentence: "The schema `ApiKey` was renamed to `Key`." }],
  },
  {
    change: "a schema renamed beyond recognition",
    diff: 3,
    to: { "components schemas": renamed("ApiKey", "Zebra") },
    redirect: ["schemas/ApiKey", "schemas/Zebra"],
    want: [
      { impact: "major", sentence: "The schema `ApiKey` was removed." },
      { impact: "patch", sentence: "The schema `Zebra` was added." },
    ],
  },
  {
    change: "a renamed operation",
    diff: 1,
    to: { [`${list} operationId`]: "listKeys" },
    want: [
      { impact: "major", sentence: "The operation `listApiKeys` was renamed to `listKeys` (`GET /api/v1/api-keys`)." },
    ],
  },
  {
    change: "a field that became a secret",
    diff: 1,
    to: { [`${key} properties name format`]: "password" },
    want: [{ impact: "major", sentence: "`name` is now marked as a secret (`ApiKey`)." }],
  },
  {
    change: "that a create is sent again",
    diff: 1,
    to: { "paths /api/v1/api-keys post x-idempotent": true },
    want: [{ impact: "major", sentence: "`x-idempotent` changed from `false` to `true` (`POST /api/v1/api-keys`)." }],
  },
  {
    change: "what a header always holds",
    diff: 1,
    to: { "components parameters CcVersion x-send": "2027-01-01" },
    want: [{ impact: "major", sentence: "`x-send` changed from `2024-09-16` to `2027-01-01` (`CcVersion`)." }],
  },
  {
    change: "the variable of a credential",
    diff: 1,
    to: { "components securitySchemes bearerAuth x-env": "CC_KEY" },
    want: [{ impact: "major", sentence: "`x-env` changed from `COCKROACH_API_KEY` to `CC_KEY` (`bearerAuth`)." }],
  },
  {
    change: "a time that keys do not tell any more",
    diff: 1,
    to: { [`${key} x-key-fields createdAt`]: undefined },
    want: [{ impact: "major", sentence: "`x-key-fields.createdAt` was removed (`ApiKey`)." }],
  },
  {
    change: "how a list is walked",
    diff: 1,
    to: { [`${list} x-redoclyPagination nextCursor`]: "/next" },
    want: [
      {
        impact: "minor",
        sentence:
          "`x-redoclyPagination.nextCursor` changed from `/pagination/next_page` to `/next` (`GET /api/v1/api-keys`).",
      },
    ],
  },
  {
    change: "a list that is not walked any more",
    diff: 2,
    to: { [`${list} x-redoclyPagination`]: undefined },
    want: [{ impact: "major", sentence: "`x-redoclyPagination` was removed (`GET /api/v1/api-keys`)." }],
  },
  {
    change: "a rate limit",
    diff: 1,
    to: { "x-rate-limit requests": 20 },
    want: [{ impact: "minor", sentence: "`x-rate-limit.requests` changed from `10` to `20`." }],
  },
  {
    change: "where facts are from",
    diff: 1,
    to: { [`${list} x-source cockroach-docs`]: "Cc-Version" },
    want: [
      {
        impact: "patch",
        sentence:
          "`x-source.cockroach-docs` changed from `Cc-Version, the rate limit, Retry-After` to `Cc-Version` (`GET /api/v1/api-keys`).",
      },
    ],
  },
];

describe("changes of a spec", () => {
  const together = [...new Set(rows.map(({ diff }) => diff))].map((diff) => {
    const these = rows.filter((row) => row.diff === diff);
    return { changes: these.map(({ change }) => change).join(", "), these };
  });

  it.each(together)("are rated and told: $changes", async ({ these }) => {
    const spec = load(await readFile("spec/cockroach.yaml", "utf8")) as Json;
    const now = these.reduce((document, { to, redirect }) => {
      const next = changed(document, to);
      return redirect ? referring(next, ...redirect) : next;
    }, spec);
    const told = rateChanges(await redoclyDiff(JSON.stringify(spec), JSON.stringify(now), "spec"));
    const wanted = these.flatMap(({ want }) => want);
    expect(told).toHaveLength(wanted.length);
    expect(told).toEqual(expect.arrayContaining(wanted));
  });
});

describe("the gate", () => {
  const release = (fields: Partial<Release>): Release => {
    return { name: "estuary", file: "spec/estuary.yaml", old: "1.0.0", now: "1.0.0", changes: [], ...fields };
  };
  const change = (impact: RatedChange["impact"]): RatedChange => ({ impact, sentence: `A ${impact} one.` });
  const rows: { given: string; specs: Release[]; now: string; want: (string | undefined)[] }[] = [
    { given: "nothing changed", specs: [release({})], now: "0.1.0", want: [] },
    { given: "a patch", specs: [release({ changes: [change("patch")] })], now: "0.1.0", want: ["1.0.1", "0.1.1"] },
    {
      given: "the gravest change of a spec, and of all specs",
      specs: [
        release({ changes: [change("patch"), change("major"), change("minor")] }),
        release({ changes: [change("minor")], now: "1.1.0" }),
      ],
      now: "0.1.5",
      want: ["2.0.0", "0.2.0"],
    },
    { given: "all raised", specs: [release({ changes: [change("major")], now: "2.0.0" })], now: "0.2.0", want: [] },
    {
      given: "raised further than needed",
      specs: [release({ changes: [change("patch")], now: "3.0.0" })],
      now: "1.0.0",
      want: [],
    },
    { given: "a version that went back", specs: [release({ now: "0.9.0" })], now: "0.1.0", want: ["1.0.0"] },
    { given: "a new provider", specs: [release({ old: undefined })], now: "0.1.0", want: ["0.1.1"] },
    { given: "a provider that is gone", specs: [release({ now: undefined })], now: "0.1.5", want: ["0.2.0"] },
  ];
  it.each(rows)("given $given, asks for $want", ({ specs, now, want }) => {
    const verdicts = judge(specs, release({ name: "package", file: "package.json", old: "0.1.0", now }));
    expect(verdicts.filter(({ ok }) => !ok).map(({ required }) => required)).toEqual(want);
  });

  it("writes entries for the changelog, the gravest change first and each once", () => {
    const changes = [change("patch"), change("patch"), change("major")];
    const verdicts = judge([release({ changes, now: "2.0.0" })], release({ now: "2.0.0" }));
    expect(changelog(verdicts)).toBe(
      [
        "### Changed",
        "",
        "- `spec/estuary.yaml` 1.0.0 → 2.0.0",
        "  - **Breaking:** A major one.",
        "  - A patch one.",
      ].join("\n"),
    );
    expect(changelog([])).toBe("The specs have not changed.");
  });
});
