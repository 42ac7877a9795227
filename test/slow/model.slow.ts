import { beforeAll, describe, expect, it } from "vitest";
import { known } from "../model/known.js";
import { search } from "../model/model.js";
import { program, type Patch, type Program } from "../model/program.js";
import { FEATURES, type Feature } from "../model/schedule.js";

const HOUR = 3_600_000;

let library: Program;
beforeAll(async () => {
  library = await program();
});

const features = FEATURES.filter((feature) => !(feature in known));

describe("the model of rotation", () => {
  // Other schedules every time. A failure names its seed and path, which `search` takes as well.
  it("keeps every promise in 20,000 schedules", { timeout: HOUR }, async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    expect(await search(library, { runs: 20_000, seed, features })).toBeUndefined();
  });

  it.each(Object.entries(known))("still breaks a promise where %s: %s", { timeout: HOUR }, async (feature) => {
    const broken = await search(library, { runs: 20_000, seed: 1, features: [...features, feature as Feature] });
    expect(broken).toBeDefined();
  });

  it.each<{ mistake: string; patch: Patch }>([
    {
      mistake: "a claim that does not look at the list",
      patch: {
        file: "src/rotation/steps/claim.ts",
        find: "if (options.trace === false) return;",
        replace: "return;",
      },
    },
    {
      mistake: "ages that are judged by the own clock",
      patch: {
        file: "src/rotation/server-clock.ts",
        find: "(aheadMs === undefined ? undefined : performance.now() + aheadMs)",
        replace: "Date.now()",
      },
    },
    {
      mistake: "a key that is revoked because `held` said no once",
      patch: {
        file: "src/rotation/steps/store.ts",
        find: "(await unchanged(created, before))",
        replace: "(await options.held?.(successor.id)) === false",
      },
    },
  ])("finds $mistake", { timeout: HOUR }, async ({ patch }) => {
    const broken = await search(await program([patch]), { runs: 20_000, seed: 1, features });
    expect(broken).toBeDefined();
  });
});
