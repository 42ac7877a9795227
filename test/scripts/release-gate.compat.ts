import { mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { dump, load } from "js-yaml";
import type { Json } from "../fixtures/upstream/change.js";
import { run } from "../helpers/processes.js";
import { runHere, runScript, temporaryProjects } from "./temporary-project.js";

const temporaryProject = temporaryProjects();

const repository = fileURLToPath(new URL("../..", import.meta.url));

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
