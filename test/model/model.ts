/** Looks for a schedule in which rotation breaks a promise, and gives the shortest that it finds. */
import fc from "fast-check";
import type { ProviderName } from "../../src/index.js";
import type { Program } from "./program.js";
import { FEATURES, schedules, shown, type Feature } from "./schedule.js";
import { shortest } from "./shorter.js";
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

/** @returns the shortest schedule found that breaks a promise, with all that happened; undefined where none was found */
export async function search(
  program: Program,
  { runs, features = FEATURES, providers, ...search }: Search,
): Promise<string | undefined> {
  const property = fc.asyncProperty(schedules(features, providers), async (schedule) => {
    const violation = await simulate(program, schedule);
    if (violation) throw new Error(violation.what);
  });
  const options = { numRuns: runs, endOnFailure: true, ...search };
  const { counterexample, counterexamplePath, errorInstance } = await fc.check(property, options);
  if (!counterexample) return undefined;
  const [found] = counterexample;
  const schedule = await shortest(found, async (shorter) => (await simulate(program, shorter)) !== undefined);
  const violation = await simulate(program, schedule);
  // What is no violation is a fault of the model's own.
  if (!violation) throw errorInstance;
  const { what, log } = violation;
  return [`${what} (seed ${search.seed}, path ${counterexamplePath})`, shown(schedule), ...log].join("\n");
}
