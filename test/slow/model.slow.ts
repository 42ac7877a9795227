import { beforeAll, describe, expect, it } from "vitest";
import { search } from "../model/model.js";
import { program, type Patch, type Program } from "../model/program.js";

const HOUR = 3_600_000;

let library: Program;
beforeAll(async () => {
  library = await program();
});

// Other schedules every time. A failure names its path, too, which `search` takes as well.
const seed = Math.floor(Math.random() * 2 ** 31);

describe("the model of rotation", () => {
  it(`keeps every promise in 20,000 schedules (seed ${seed})`, { timeout: HOUR }, async () => {
    expect(await search(library, { runs: 20_000, seed })).toBeUndefined();
  });

  it.each<{ mistake: string; patch: Patch }>([
    {
      mistake: "a claim that does not look at the list",
      patch: {
        file: "src/rotation/steps/claim.ts",
        find: "if (options.trace === false || leased) return;",
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
    {
      mistake: "a successor that is rotated before its predecessor was retired",
      patch: {
        file: "src/rotation/unfinished.ts",
        find: "const [first] = unretired;",
        replace: "const [first] = [];",
      },
    },
    {
      mistake: "a lease whose next owner revokes at once what the one before has made",
      patch: {
        file: "src/rotation/unfinished.ts",
        find: "if (leased) return { stored, stale };",
        replace: "",
      },
    },
    {
      mistake: "a mark that a rotation leaves which finishes another one, and is to keep the old key for longer",
      patch: {
        file: "src/rotation/retirement.ts",
        find: "spared(fate) > spared(trace.retire)",
        replace: "false",
      },
    },
    {
      mistake: "a journal whose entries are taken over at any age",
      patch: {
        file: "src/cli/journal.ts",
        find: "broken && idleMs >= minAgeMs",
        replace: "broken",
      },
    },
  ])("finds $mistake", { timeout: HOUR }, async ({ patch }) => {
    const broken = await search(await program([patch]), { runs: 20_000, seed: 1 });
    expect(broken).toBeDefined();
  });
});
