import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { readinessOf, sectionOf, type Files } from "../../scripts/release/readiness.js";
import { listen } from "../helpers/loopback.js";
import { Program, run } from "../helpers/processes.js";
import { runScript, temporaryProjects } from "./temporary-project.js";

const temporaryProject = temporaryProjects();

const repository = fileURLToPath(new URL("../..", import.meta.url));

const changelog = `# Changelog

## Unreleased

- Soon.

## 0.2.0 - 2026-02-01

### Added

- Something.

## [0.1.10]

## 0.1.1

- A fix.
`;

describe("the section of the changelog", () => {
  it.each([
    { given: "0.2.0", want: "### Added\n\n- Something." },
    { given: "0.1.1", want: "- A fix." },
    { given: "0.1.10", want: "" },
    { given: "0.1.0", want: undefined },
    { given: "1.2.0", want: undefined },
    { given: "2.0", want: undefined },
  ])("for $given", ({ given, want }) => expect(sectionOf(changelog, given)).toBe(want));
});

describe("a release", () => {
  const files = (version: string, more: object = {}): Files => ({
    manifest: { version, repository: { type: "git", url: "git+https://github.com/someone/keysmith.git" } },
    lock: { version },
    changelog,
    ...more,
  });

  it.each<{ given: [string, Files, string?]; want: RegExp[] }>([
    { given: ["v0.2.0", files("0.2.0"), "someone/keysmith"], want: [] },
    { given: ["v0.2.0", files("0.2.0", { manifest: { version: "0.2.0" } })], want: [] },
    { given: ["v0.1.1", files("0.2.0")], want: [/^package\.json has the version 0\.2\.0: run/, /^package-lock\.json/] },
    {
      given: ["v0.2.0", files("0.2.0", { lock: { version: "0.1.1" } })],
      want: [/^package-lock\.json has the .* 0\.1\.1/],
    },
    { given: ["v0.3.0", files("0.3.0")], want: [/^CHANGELOG\.md has no section "## 0\.3\.0"/] },
    { given: ["v0.1.10", files("0.1.10")], want: [/^The section "## 0\.1\.10" of CHANGELOG\.md is empty/] },
    { given: ["v0.2.0", files("0.2.0"), "fork/keysmith"], want: [/someone\/keysmith\.git as its repository: .*fork/] },
    { given: ["v0.2.0", files("0.2.0", { manifest: { version: "0.2.0" } }), "a/b"], want: [/has no URL as its repos/] },
    { given: ["0.2.0", files("0.2.0")], want: [/^The tag "0\.2\.0" is no release's/] },
    { given: ["v0.2.0-rc.1", files("0.2.0-rc.1")], want: [/is no release's/] },
  ])("called $given.0 is refused for $want", ({ given, want }) => {
    const { problems } = readinessOf(...given);
    expect(problems).toEqual(want.map((words) => expect.stringMatching(words) as string));
  });
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

describe("npm run release", () => {
  /** A repository whose version 0.1.0 was released, and whose files say that it is 0.1.1 now. */
  async function released() {
    const project = await temporaryProject();
    const { root } = project;
    const git = (...args: string[]) =>
      run("git", ["-c", "user.name=Test", "-c", "user.email=test@example.test", ...args], { cwd: root });
    const version = (text: string) =>
      Promise.all(
        ["package.json", "package-lock.json"].map((file) => writeFile(join(root, file), `{"version":"${text}"}`)),
      );
    await version("0.1.0");
    await writeFile(join(root, "CHANGELOG.md"), changelog);
    await writeFile(join(root, ".gitignore"), "node_modules\n");
    await symlink(join(repository, "node_modules"), join(root, "node_modules"));
    await git("init", "--quiet");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "A release");
    await git("tag", "v0.1.0");
    await version("0.1.1");
    return { ...project, git };
  }

  it("compares with the release before, also when the commit has its tag, and writes the notes", async () => {
    const { root, git } = await released();
    await git("commit", "--quiet", "--all", "--message", "Another");
    await git("tag", "v0.1.1");
    const { code, output } = await runScript(root, "release", ["v0.1.1", "--notes", join(root, "notes.md")]);
    expect(output).toMatch(/^Compared with v0\.1\.0\.$/m);
    expect(output).toMatch(/^v0\.1\.1 can be released\.$/m);
    expect(code).toBe(0);
    expect(await readFile(join(root, "notes.md"), "utf8")).toBe("- A fix.\n");
  });

  it("tells everything that is wrong, and fails as the gate does", async () => {
    const { root, edit } = await released();
    await edit("spec/cockroach.yaml", /\n {8}name:\n {10}type: string\n.*/, "");
    const { code, output } = await runScript(root, "release", ["v0.2.0", "--notes", join(root, "notes.md")]);
    expect(output).toContain("✗ package.json has the version 0.1.1");
    expect(output).toContain("✗ A major change: the version in spec/cockroach.yaml has to be 2.0.0 or higher.");
    expect(code).toBe(1);
    await expect(readFile(join(root, "notes.md"))).rejects.toThrow("ENOENT");
  });

  it("has nothing to compare the first release with", async () => {
    const { root, git } = await released();
    await git("tag", "--delete", "v0.1.0");
    const { code, output } = await runScript(root, "release", ["v0.1.1"]);
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining("nothing to compare") as string,
    });
  });

  it.each([{ args: [] }, { args: ["--tag", "v0.1.0"] }])(
    "explains its usage, with exit code 2: $args",
    async ({ args }) => {
      const { code, output } = await runScript(repository, "release", args);
      expect({ code, output }).toMatchObject({ code: 2, output: expect.stringMatching(/^usage: /) as string });
    },
  );
});

describe("publishing", () => {
  /** A registry that knows what is given, and an npm that notes how it is called. */
  async function workplace({ published, npmVersion = "11.5.1", npmFails = false, status = 200 }: Workplace) {
    const folder = await mkdtemp(join(tmpdir(), "keysmith-publish-"));
    cleanups.push(() => rm(folder, { recursive: true }));
    await mkdir(join(folder, "package"));
    await writeFile(join(folder, "package/package.json"), '{"name":"keysmith","version":"1.2.3"}');
    const tarball = join(folder, "keysmith-1.2.3.tgz");
    await run("tar", ["-czf", tarball, "-C", folder, "package"]);
    const own = `sha512-${createHash("sha512")
      .update(await readFile(tarball))
      .digest("base64")}`;

    const answers = published.map((integrity) => (integrity === "own" ? own : integrity));
    const asked: string[] = [];
    const server = createServer(({ url = "" }, response) => {
      asked.push(url);
      const integrity = answers.length > 1 ? answers.shift() : answers[0];
      if (status !== 200) response.writeHead(status).end();
      else if (integrity === undefined) response.writeHead(404).end('"version not found: 1.2.3"');
      else response.end(JSON.stringify({ dist: { integrity } }));
    });
    const { url: registry, close } = await listen(server);
    cleanups.push(close);

    const calls = join(folder, "calls");
    const npm = `#!/bin/sh
case "$1" in
  --version) echo ${npmVersion} ;;
  config) echo ${registry} ;;
  *) echo "$@" >> ${calls}; exit ${npmFails ? 1 : 0} ;;
esac
`;
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "bin/npm"), npm);
    await chmod(join(folder, "bin/npm"), 0o755);
    const program = join(repository, "scripts/release/publish.js");
    const env = { ...process.env, PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}` };
    const publishing = new Program(process.execPath, [program, tarball, "--dry-run"], { env });
    const { code } = await publishing.ended;
    const called = await readFile(calls, "utf8").catch(() => "");
    return { code, output: publishing.output, asked, called: called.replaceAll(tarball, "TARBALL").trim() };
  }

  interface Workplace {
    /** What the registry answers, one after the other: an integrity, `own` for the tarball's, or none. */
    published: (string | undefined)[];
    npmVersion?: string;
    npmFails?: boolean;
    status?: number;
  }

  const publishes = "publish TARBALL --provenance --access public --dry-run";
  it.each<{ what: string; given: Workplace; want: { code: number; called: string; output: RegExp } }>([
    { what: "a new version", given: { published: [undefined] }, want: { code: 0, called: publishes, output: /^$/ } },
    {
      what: "what is there already",
      given: { published: ["own"] },
      want: { code: 0, called: "", output: /^keysmith 1\.2\.3 is published already, and is the same\.$/m },
    },
    {
      what: "a version that is there with other content",
      given: { published: ["sha512-other"] },
      want: { code: 1, called: "", output: /published already, with other content: sha512-other, .* raise it\./ },
    },
    {
      what: "a new version that npm does not take",
      given: { published: [undefined], npmFails: true },
      want: { code: 1, called: publishes, output: /^$/ },
    },
    {
      what: "what the registry did not show at first",
      given: { published: [undefined, "own"], npmFails: true },
      want: { code: 0, called: publishes, output: /published already, and is the same/ },
    },
    {
      what: "a version of which the registry cannot tell",
      given: { published: [], status: 503 },
      want: { code: 1, called: "", output: /the registry answered 503 to \/keysmith\/1\.2\.3\. Try again\./ },
    },
    {
      what: "with an npm that would need a token",
      given: { published: [undefined], npmVersion: "10.9.3" },
      want: { code: 1, called: "", output: /this is npm 10\.9\.3, and trusted publishing needs 11\.5\.1/ },
    },
  ])("$what", async ({ given, want }) => {
    const { code, called, output, asked } = await workplace(given);
    expect({ code, called, output }).toEqual({ ...want, output: expect.stringMatching(want.output) as string });
    expect(asked.every((url) => url === "/keysmith/1.2.3")).toBe(true);
  });
});
