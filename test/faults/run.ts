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
  /** What has not come to its end: of which cell, and what is waited for. */
  pending: () => string[];
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
  const pending = new Map<number, string>();
  let last = 0;

  async function problemsIn(cell: Cell): Promise<string[]> {
    const serial = ++last;
    const { operation, phase } = cell.target;
    const where = `${operation.name}${phase === "own" ? "" : ` (the look ${phase})`}, ${cell.mode}`;
    pending.set(serial, `${where}: nothing comes of the call`);
    const observed = await observe(cell, serial, servers.origins, time);
    const problems = problemsOf(cell, observed, servers.seen(serial));
    pending.set(serial, `${where}: it leaves a connection open`);
    await servers.finished(serial);
    pending.delete(serial);
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
    pending: () => [...pending.values()],
    unhandled,
    stop: async () => {
      process.off("unhandledRejection", onUnhandled);
      await servers.close();
    },
  };
}
