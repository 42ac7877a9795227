import { afterEach, describe, expect, it, vi } from "vitest";
import { interruptible } from "../../src/cli/interrupt.js";

afterEach(() => vi.restoreAllMocks());

describe("an interrupt", () => {
  it.each<{ title: string; signals: [signal: NodeJS.Signals, atMs: number][]; exits: boolean }>([
    { title: "Ctrl-C", signals: [["SIGINT", 0]], exits: false },
    {
      title: "Ctrl-C twice",
      signals: [
        ["SIGINT", 0],
        ["SIGINT", 300],
      ],
      exits: true,
    },
    {
      title: "Ctrl-C that npx hands on",
      signals: [
        ["SIGINT", 0],
        ["SIGINT", 5],
      ],
      exits: false,
    },
    {
      title: "a terminal that is closed",
      signals: [
        ["SIGHUP", 0],
        ["SIGHUP", 300],
      ],
      exits: false,
    },
    {
      title: "a supervisor that insists",
      signals: [
        ["SIGTERM", 0],
        ["SIGTERM", 300],
      ],
      exits: false,
    },
    {
      title: "Ctrl-C after a supervisor",
      signals: [
        ["SIGTERM", 0],
        ["SIGINT", 300],
      ],
      exits: true,
    },
  ])("$title: exits at once $exits", async ({ signals, exits }) => {
    const clock = vi.spyOn(performance, "now");
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
    await interruptible(
      (signal) => {
        for (const [name, atMs] of signals) {
          clock.mockReturnValue(1_000 + atMs);
          process.emit(name, name);
          expect(signal.aborted).toBe(true);
        }
        return Promise.resolve();
      },
      { stopping: "Stopping.", standing: () => "" },
    );
    expect(exit.mock.calls).toEqual(exits ? [[4]] : []);
  });
});
