import { wrap } from "./text-table.js";

const WIDTH = 100;

export function problemList(problems: readonly string[]): string {
  return problems.map((problem) => `✗ ${wrap(problem, WIDTH - 2).join("\n  ")}`).join("\n");
}
