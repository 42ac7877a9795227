/** Looks for a schedule in which rotation breaks a promise, and gives the shortest that it finds. */
import fc from "fast-check";
import type { ProviderName } from "../../src/index.js";
import type { Program } from "./program.js";
import { FEATURES, schedules, shown, type Feature } from "./schedule.js";
import { simulate } from "./simulation.js";

interface Search {
  /** How many schedules are tried. */
  runs: number;
  seed: number;
  /** Of a failure that was reported: tries it alone. */
  path?: string;
  /** What the schedules may have. */
  features?: readonly Feature[];
  providers?: ProviderName[];
}

/** How many shorter schedules are tried of one that breaks a promise. */
const SHRINKS = 1000;

/** @returns the violation, for people, or undefined where none was found */
export async function search(
  program: Program,
  { runs, features = FEATURES, providers, ...search }: Search,
): Promise<string | undefined> {
  let left = SHRINKS;
  const property = fc.asyncProperty(schedules(features, providers), async (schedule) => {
    if (left === 0) return;
    const violation = await simulate(program, schedule);
    // From the first one on, what is tried is shorter ones.
    if (violation || left < SHRINKS) left--;
    if (violation) throw new Error(violation.what);
  });
  const { counterexample, counterexamplePath, errorInstance } = await fc.check(property, { numRuns: runs, ...search });
  if (!counterexample) return undefined;
  const [schedule] = counterexample;
  const violation = await simulate(program, schedule);
  // What is no violation is a fault of the model's own.
  if (!violation) throw errorInstance;
  const { what, log } = violation;
  return [`${what} (seed ${search.seed}, path ${counterexamplePath})`, shown(schedule), ...log].join("\n");
}
