import { mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { dump, load } from "js-yaml";
import { redoclyDiff } from "../../scripts/redocly/diff.js";
import { isMajorRelease, judge, type Release } from "../../scripts/release-gate/gate.js";
import { rateChanges, type RatedChange } from "../../scripts/release-gate/rate.js";
import { changelog } from "../../scripts/release-gate/report.js";
import { isAtLeast, raised, type Bump } from "../../scripts/release-gate/version.js";
import { changed, type Change, type Json } from "../fixtures/upstream/change.js";
import { run } from "../helpers/processes.js";
import { runHere, runScript, temporaryProjects } from "./temporary-project.js";

const temporaryProject = temporaryProjects();

const repository = fileURLToPath(new URL("../..", import.meta.url));

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
    const spec = load(await readFile(join(repository, "spec/cockroach.yaml"), "utf8")) as Json;
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

describe("npm run release-gate", () => {
  type Project = Awaited<ReturnType<typeof release>>;

  /** A repository with a release v0.1.0, or without any. */
  async function release(options: { tag: boolean; typeTest?: string }) {
    const project = await temporaryProject();
    const { root } = project;
    const git = (...args: string[]) =>
      run("git", ["-c", "user.name=Test", "-c", "user.email=test@example.test", ...args], { cwd: root });
    const config = {
      compilerOptions: {
        module: "nodenext",
        strict: true,
        noEmit: true,
        types: [],
        skipLibCheck: true,
        lib: ["es2022"],
      },
    };
    await writeFile(join(root, "package.json"), JSON.stringify({ version: "0.1.0", type: "module" }));
    await writeFile(join(root, "tsconfig.json"), JSON.stringify(config));
    await writeFile(join(root, ".gitignore"), "node_modules\n");
    await symlink(join(repository, "node_modules"), join(root, "node_modules"));
    if (options.typeTest !== undefined) {
      await mkdir(join(root, "test/types"), { recursive: true });
      await writeFile(join(root, "test/types/keys.ts"), options.typeTest);
    }
    await git("init", "--quiet");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "A release");
    if (options.tag) await git("tag", "v0.1.0");
    return { ...project, git };
  }

  const removeName = ({ edit }: Project) => edit("spec/cockroach.yaml", /\n {8}name:\n {10}type: string\n.*/, "");
  const raise = async ({ edit }: Project, spec: string, version: string) => {
    await edit("spec/cockroach.yaml", "version: 1.0.0", `version: ${spec}`);
    await edit("package.json", '"version":"0.1.0"', `"version":"${version}"`);
  };

  it("has nothing to say before the first release", async () => {
    const { root } = await release({ tag: false });
    const { code, output } = await runHere(root, "release-gate");
    expect(output).toBe("There is no release tag (v*) yet, so there is nothing to compare with.\n");
    expect(code).toBe(0);
  });

  it("fails after a breaking change with the versions that should be, and passes with them", async () => {
    const project = await release({ tag: true });
    const unchanged = await runHere(project.root, "release-gate");
    expect(unchanged.output).toContain("Compared with v0.1.0.");
    expect(unchanged.output).toContain("types  v0.1.0 has no type tests.");
    expect(unchanged.code).toBe(0);

    await removeName(project);
    const changed = await runHere(project.root, "release-gate");
    expect(changed.output).toContain("  major  Property `name` of `ApiKey` was removed.");
    expect(changed.output).toContain("✗ A major change: the version in spec/cockroach.yaml has to be 2.0.0 or higher.");
    expect(changed.output).toContain(
      "✗ A major change: the version in package.json has to be 0.2.0 or higher. Below 1.0.0 a breaking change raises the minor version, any other the patch version.",
    );
    expect(changed.code).toBe(1);

    await raise(project, "2.0.0", "0.2.0");
    expect((await runHere(project.root, "release-gate")).code).toBe(0);
    const entries = await runHere(project.root, "release-gate", ["--changelog"]);
    expect(entries.output).toBe(
      "### Changed\n\n- `spec/cockroach.yaml` 1.0.0 → 2.0.0\n  - **Breaking:** Property `name` of `ApiKey` was removed.\n",
    );
  });

  it("takes a spec whose file has moved for the same, and names a file that is gone", async () => {
    const project = await release({ tag: true });
    await removeName(project);
    await rename(join(project.root, "spec/cockroach.yaml"), join(project.root, "spec/cockroach-cloud.yaml"));
    await project.edit("redocly.yaml", "root: spec/cockroach.yaml", "root: spec/cockroach-cloud.yaml");
    const moved = await runHere(project.root, "release-gate");
    expect(moved.output).toContain("  major  Property `name` of `ApiKey` was removed.");
    expect(moved.output).toContain("the version in spec/cockroach-cloud.yaml has to be 2.0.0 or higher");
    expect(moved.code).toBe(1);

    await rm(join(project.root, "spec/cockroach-cloud.yaml"));
    expect(await runHere(project.root, "release-gate")).toEqual({
      code: 2,
      output: "✗ spec/cockroach-cloud.yaml: it cannot be read: there is no such file\n",
    });
  });

  it("fails when the type tests of the last release do not compile any more", async () => {
    const typeTest = `import type { ApiKey } from "../../generated/cockroach/types.js";\nexport const name = (key: ApiKey): string => key.name;\n`;
    const project = await release({ tag: true, typeTest });
    const compatible = await runHere(project.root, "release-gate");
    expect(compatible.output).toContain("The type tests of v0.1.0 (1) compile against the types of today.");
    expect(compatible.code).toBe(0);

    // The test of today is not the one that counts.
    await writeFile(join(project.root, "test/types/keys.ts"), "export {};\n");
    await project.edit(
      "generated/cockroach/types.ts",
      /export type ApiKey = \{[^}]*\};/,
      "export type ApiKey = { id: string };",
    );
    const broken = await runHere(project.root, "release-gate");
    expect(broken.output).toContain("✗ The type tests of v0.1.0 do not compile any more.");
    expect(broken.output).toContain("test/types/keys.ts(2,50): error TS2339");
    expect(broken.code).toBe(1);

    await project.edit("package.json", '"version":"0.1.0"', '"version":"0.2.0"');
    const major = await runHere(project.root, "release-gate");
    expect(major.output).toContain("This release may break them");
    expect(major.code).toBe(0);
  });

  it("compares with any commit, and exits 2 where there is none", async () => {
    const project = await release({ tag: false });
    const { output, code } = await runHere(project.root, "release-gate", ["--base", "HEAD"]);
    expect(output).toContain("Compared with HEAD.");
    expect(code).toBe(0);
    const missing = await runScript(project.root, "release-gate", ["--base", "v9.9.9"]);
    expect(missing.output).toBe("release-gate: no commit is called v9.9.9.\n");
    expect(missing.code).toBe(2);
    expect(await runHere(project.root, "release-gate", ["--bse=x"])).toMatchObject({
      code: 2,
      output: expect.stringContaining("usage:") as string,
    });
  });

  it("does not take a clone without history for a project without releases", async () => {
    const project = await release({ tag: true });
    const clone = join(project.root, "clone");
    await project.edit("spec/estuary.yaml", "version: 1.0.0", "version: 1.0.1");
    await project.git("commit", "--quiet", "--all", "--message", "Another");
    await project.git("clone", "--quiet", "--depth=1", "--no-tags", `file://${project.root}`, clone);
    const { output, code } = await runHere(clone, "release-gate");
    expect(output).toContain("this clone is shallow");
    expect(code).toBe(2);
  });

  it("counts a provider that is gone as breaking", async () => {
    const project = await release({ tag: true });
    const config = load(await readFile(join(project.root, "redocly.yaml"), "utf8")) as { apis: Json };
    delete config.apis["estuary"];
    await writeFile(join(project.root, "redocly.yaml"), dump(config));
    const { output, code } = await runHere(project.root, "release-gate");
    expect(output).toContain("the version in package.json has to be 0.2.0 or higher");
    expect(code).toBe(1);
  });
});
