import { beforeAll, describe, expect, it } from "vitest";
import { search } from "./model.js";
import { program, type Program } from "./program.js";
import { PLAIN, type Plan, type Schedule } from "./schedule.js";
import { shortest } from "./shorter.js";
import { simulate } from "./simulation.js";

let library: Program;
beforeAll(async () => {
  library = await program();
});

describe("the model of rotation", () => {
  // Always the same schedules, so that nothing but a change can break this; the slow tier looks for others.
  it("has 500 schedules in which every promise is kept", async () => {
    expect(await search(library, { runs: 500, seed: 1 })).toBeUndefined();
  });

  it("says the same of a schedule whenever it runs", async () => {
    const twice = scheduleOf({ store: "writes and throws" }, { at: 100, clock: 5000, killed: 30, again: 3_700_000 });
    expect(await simulate(library, twice)).toEqual(await simulate(library, twice));
  });

  it("makes a schedule that breaks a promise as short as it can be, and no shorter", async () => {
    const long = scheduleOf({ at: 900, pace: [10, 20], killed: 8 }, { does: "revoke orphans", storeMs: 7 }, {});
    const short = await shortest(long, ({ plans }) => Promise.resolve(plans.some(({ storeMs }) => storeMs < 10)));
    expect(short).toEqual({ ...scheduleOf({ does: "revoke orphans", storeMs: 0 }), journal: false });
  });
});

function scheduleOf(...plans: Partial<Plan>[]): Schedule {
  const all = plans.map((plan) => ({ ...PLAIN, ...plan }));
  const usual = {
    keys: 1,
    pageSize: 100,
    unknownMs: 0,
    writes: "both",
    journal: true,
    lease: null,
    trace: true,
  } as const;
  return { provider: "openrouter", ...usual, plans: all };
}
