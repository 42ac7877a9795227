/** Runs cells, many at once, against servers of their own. */
import { vi } from "vitest";
import { observe, problemsOf, type Cell } from "./cells.js";
import { faultyServers, type Origins } from "./server.js";
import { DrivenTime } from "./time.js";

export interface Run {
  origins: Origins;
  /** What is not as expected in these cells. */
  problemsOf: (cells: readonly Cell[]) => Promise<string[]>;
  /** How often somebody went where nobody should. */
  strayed: () => number;
  /** Rejections that nobody handled. */
  unhandled: readonly unknown[];
  stop: () => Promise<void>;
}

export async function startRun(): Promise<Run> {
  const time = new DrivenTime();
  const servers = await faultyServers((serial) => time.endOf(serial));
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", onUnhandled);
  let last = 0;

  async function problemsIn(cell: Cell): Promise<string[]> {
    const serial = ++last;
    const observed = await observe(cell, serial, servers.origins, time);
    const problems = problemsOf(cell, observed, servers.seen(serial));
    if (!(await soon(() => !servers.unfinished().includes(serial)))) problems.push("it leaves a connection open");
    const { operation, phase } = cell.target;
    const where = `${operation.name}${phase === "only" ? "" : ` (${phase})`}, ${cell.mode}`;
    return problems.map((problem) => `${where}: ${problem}`);
  }

  return {
    origins: servers.origins,
    problemsOf: async (cells) => {
      vi.stubGlobal("setTimeout", time.setTimeout);
      vi.stubGlobal("clearTimeout", time.clearTimeout);
      const problems = (await Promise.all(cells.map(problemsIn))).flat();
      vi.unstubAllGlobals();
      return [...problems, ...time.takeLeftovers()];
    },
    strayed: servers.strayed,
    unhandled,
    stop: async () => {
      process.off("unhandledRejection", onUnhandled);
      await servers.close();
    },
  };
}

/** Whether something comes to be within a second. */
async function soon(condition: () => boolean): Promise<boolean> {
  const end = performance.now() + 1_000;
  while (!condition() && performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
  return condition();
}
