/** What a benchmark is, and what it gives. */
import type { Workplace } from "./workplace.js";

export interface Benchmark {
  /** As it is asked for: `npm run bench -- size`. */
  name: string;
  /** How it is measured: Markdown for docs/benchmarks.md. */
  how: string;
  /** What was tried where one of its targets is missed, and what stands in the way: Markdown as well. */
  tried?: string;
  measure: (workplace: Workplace) => Promise<Row[]>;
}

export interface Row {
  what: string;
  figure: string;
  /** Left out of a row that is there to compare with. */
  target?: string;
  met?: boolean;
}

/** A row whose figure must not be above its target. */
export function atMost(what: string, figure: number, target: number, show: (value: number) => string): Row {
  return { what, figure: show(figure), target: `≤ ${show(target)}`, met: figure <= target };
}

/** A row whose figure must be below its target. */
export function below(what: string, figure: number, target: number, show: (value: number) => string): Row {
  return { what, figure: show(figure), target: `< ${show(target)}`, met: figure < target };
}

export const times = (value: number): string => `${value.toFixed(2)} ×`;

/** The middle one; of an even number, the lower of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[(sorted.length - 1) >> 1];
  if (middle === undefined) throw new Error("There is nothing to take the median of.");
  return middle;
}
