import { describe, it } from "vitest";
import { topics } from "./index.js";

// The cases are always the same, so that nothing but a change can break this; the slow tier looks for others.
const SEED = 1;

describe.each(topics)("$topic", ({ properties }) => {
  for (const { title, check } of properties) {
    it(title, () => check({ numRuns: 200, seed: SEED }));
  }
});
