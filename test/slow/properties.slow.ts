import { describe, it } from "vitest";
import { topics } from "../properties/index.js";

// Other cases every time, as many as there is time for. A failure names its seed and path, which `check` takes as well.
describe.each(topics)("$topic", ({ properties }) => {
  for (const { title, check, kinds } of properties) {
    it(title, () => check({ numRuns: 10_000 * kinds, limitMs: 540_000 }));
  }
});
