import { run } from "../helpers/processes.js";
import { atMost, median, times, type Benchmark, type Row } from "./benchmark.js";

const ROUNDS = 11;

const NODE = "node -e 0";

export const starts: Benchmark = {
  name: "starts",
  how:
    "A process from its start to its end: of Node with a program that does nothing, and of the command that tells its version, " +
    "or shows the help of a command. " +
    `The ratio is the median of ${ROUNDS} rounds, in each of which all are started one after another.`,
  measure: async ({ bin, folder }) => {
    const command = await bin("keysmith", "keysmith");
    const started: Record<string, string[]> = {
      [NODE]: ["-e", "0"],
      "keysmith --version": [command, "--version"],
      "keysmith help rotate": [command, "help", "rotate"],
    };
    const taken: Record<string, number[]> = {};
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, args] of Object.entries(started)) {
        const begun = performance.now();
        await run(process.execPath, args, { cwd: folder });
        (taken[name] ??= []).push(performance.now() - begun);
      }
    }
    const ratio = (name: string) => median((taken[name] ?? []).map((ms, round) => ms / (taken[NODE]?.[round] ?? NaN)));
    return [
      atMost(`keysmith --version, to ${NODE}`, ratio("keysmith --version"), 1.5, times),
      ...Object.entries(taken).map(([what, ms]): Row => ({ what, figure: `${median(ms).toFixed(0)} ms` })),
    ];
  },
};
