/** What nobody outside the repository may do through its workflows. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { load } from "js-yaml";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  if?: string;
  needs?: string | string[];
  permissions?: Record<string, string>;
  environment?: unknown;
  steps: Step[];
}

interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

const folder = ".github/workflows";
const workflows = readdirSync(folder).map((file) => {
  const workflow = load(readFileSync(`${folder}/${file}`, "utf8")) as Workflow;
  return { file, ...workflow, jobs: Object.entries(workflow.jobs).map(([name, job]) => ({ name, ...job })) };
});

describe.each(workflows)("$file", ({ on, permissions, jobs }) => {
  const steps = jobs.flatMap((job) => job.steps);
  const begun = jobs.filter((job) => job.needs === undefined);

  it("grants what is granted by name, and nothing to what a pull request brings", () => {
    expect(permissions).toBeDefined();
    const granted = [permissions, ...jobs.map((job) => job.permissions)].flatMap((all) => Object.values(all ?? {}));
    expect(granted.filter((access) => !["read", "write"].includes(access))).toEqual([]);
    if ("pull_request" in on) expect(granted).not.toContain("write");
  });

  it("runs no code of a fork with the repository's rights", () => {
    for (const event of ["pull_request_target", "issue_comment", "issues"]) expect(on).not.toHaveProperty(event);
    if (!("workflow_run" in on)) return;
    // A run of a fork's workflow of the same name ends, too.
    for (const job of begun) {
      const conditions = (job.if ?? "").split("&&").map((condition) => condition.trim());
      expect(conditions).toEqual(
        expect.arrayContaining([
          "github.event.workflow_run.conclusion == 'success'",
          "github.event.workflow_run.event == 'push'",
          "startsWith(github.event.workflow_run.path, '.github/workflows/release.yml')",
          "github.event.workflow_run.head_repository.full_name == github.repository",
        ]),
      );
      expect(job.if).not.toContain("||");
    }
  });

  it("checks out nothing that a fork names, and leaves no token behind", () => {
    for (const { with: settings = {} } of steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"))) {
      expect(settings["persist-credentials"]).toBe(false);
      expect(settings).not.toHaveProperty("repository");
      const ref = settings["ref"] ?? "";
      if (ref !== "") expect(ref).toBe("refs/tags/${{ github.event.workflow_run.head_branch }}");
    }
  });

  it("puts no expression into a script, where its value would be code", () => {
    expect(steps.filter(({ run = "" }) => run.includes("${{"))).toEqual([]);
  });

  it("uses actions as of a commit, which nobody can move", () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.filter((action) => !/^actions\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  it("asks the environment where it publishes or deploys", () => {
    const publishing = jobs.filter((job) => job.permissions?.["id-token"] === "write");
    expect(publishing.filter(({ environment }) => environment === undefined)).toEqual([]);
  });

  it("takes nothing from a cache where it publishes, deploys or tests what will be", () => {
    if ("pull_request" in on || "schedule" in on) return;
    const setups = steps.filter(({ uses }) => uses?.startsWith("actions/setup-node@"));
    expect(setups.filter((setup) => setup.with?.["package-manager-cache"] !== false)).toEqual([]);
  });
});

describe("what upstream.yml does once a week", () => {
  it("is rehearsed on pull requests, by the scripts that it runs itself", () => {
    const scriptsOf = (text: string): string[] => text.match(/\.github\/upstream\/\w+\.sh/g) ?? [];
    const runBy = (name: string): string[] =>
      workflows
        .filter(({ file }) => file === name)
        .flatMap(({ jobs }) => jobs.flatMap(({ steps }) => steps.flatMap(({ run = "" }) => scriptsOf(run))));
    const [rehearsal = "", ...more] = runBy("ci.yml");
    expect(more).toEqual([]);
    expect(workflows.find(({ file }) => file === "ci.yml")?.on).toHaveProperty("pull_request");
    expect(new Set(scriptsOf(readFileSync(rehearsal, "utf8")))).toEqual(new Set(runBy("upstream.yml")));
  });
});
