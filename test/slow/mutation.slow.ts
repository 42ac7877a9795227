import { expect, it } from "vitest";
import { projectRoot } from "../../scripts/project/project.js";
import { run } from "../helpers/processes.js";

it("tests notice most changes to how lists are walked", async () => {
  const args = ["scripts/run.js", "test/mutation/run.ts", "lists"];
  const { stdout } = await run(process.execPath, args, { cwd: projectRoot(), env: process.env, timeoutMs: 3_500_000 });
  expect(stdout).toContain("walk.ts");
});
