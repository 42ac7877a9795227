/** Every operation meets every fault, over real sockets. `docs/fault-matrix.md` shows what is expected. */
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import { cellsOf } from "./cells.js";
import { startEnding, type Ending } from "./ending.js";
import { faults } from "./faults.js";
import { page } from "./page.js";
import { startRun, type Run } from "./run.js";

let run: Run;
let ending: Ending;
beforeAll(async () => {
  run = await startRun();
  ending = await startEnding(run.origins);
});
afterAll(async () => {
  await ending.stop();
  await run.stop();
});

describe.each([...new Set(faults.map(({ group }) => group))])("%s:", (group) => {
  it.each(faults.filter((fault) => fault.group === group))("$title", async (fault) => {
    onTestFailed(() => console.error(run.pending().join("\n")));
    const problems = await run.problemsOf(cellsOf(fault, "every run"));
    // As a message, since it is not shortened.
    expect(problems, problems.join("\n")).toEqual([]);
  });
});

describe("after all of them", () => {
  it("nobody was redirected, and nobody trusted a certificate that is signed by itself", () => {
    expect(run.strayed()).toBe(0);
  });

  it("no rejection was left to nobody", () => {
    expect(run.unhandled).toEqual([]);
  });

  it("a process that has met each of them ends by itself", async () => {
    expect(await ending.ended).toEqual({ code: 0, stdout: "[]\n", stderr: "" });
  });
});

it("docs/fault-matrix.md is up to date (npx vitest run test/faults -u)", async () => {
  await expect(await page()).toMatchFileSnapshot("../../docs/fault-matrix.md");
});
