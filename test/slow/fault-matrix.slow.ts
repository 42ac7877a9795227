import { afterAll, beforeAll, expect, it } from "vitest";
import { cellsOf } from "../faults/cells.js";
import { faults } from "../faults/faults.js";
import { startRun, type Run } from "../faults/run.js";

let run: Run;
beforeAll(async () => {
  run = await startRun();
});
afterAll(() => run.stop());

it.each(faults)("every operation meets, and gets over where it passes: $group: $title", async (fault) => {
  const problems = await run.problemsOf(cellsOf(fault, "slow"));
  expect(problems, problems.join("\n")).toEqual([]);
});
