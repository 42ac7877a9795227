/** A worker of a fleet whose customers' keys are rotated again and again, while answers are lost and wrong. */
import { createFleet, type Seal } from "../../src/fleet/index.js";
import { openrouter, storedKey } from "../../src/index.js";
import { answer, usage } from "./child.js";
import type { Server } from "./long-run-server.js";

const [database = "", place = "", number = ""] = process.argv.slice(2);
const { baseUrls, credentials } = JSON.parse(place) as ReturnType<Server["place"]>;

/** No encryption: it is told from a plaintext that was written past it. */
const seal: Seal = { seal: (plaintext) => `sealed ${plaintext}`, open: (sealed) => sealed.replace("sealed ", "") };

const keys = openrouter({ baseUrl: baseUrls.openrouter, apiKey: credentials.openrouter });
const fleet = createFleet({
  keys,
  database,
  store: seal,
  rate: { requests: 10_000, seconds: 1 },
  leaseMs: 5_000,
  lateMs: 3_000,
});
const customers = Array.from({ length: Number(number) }, (_, index) => `customer ${index}`);

const handlers = {
  /** Each has a key in the end, whatever went wrong before. */
  ensure: async () => {
    for (const name of customers) while (!(await fleet.ensure(name, { name }).catch(() => undefined)));
  },
  /** Rotates all of them until the time is up, and tells how many were. */
  work: async (seconds: number) => {
    const signal = AbortSignal.timeout(seconds * 1_000);
    const sum = { rotated: 0, healed: 0, failed: 0 };
    while (!signal.aborted) {
      await fleet.rotate({ olderThan: "1ms" });
      // It rejects where lost creates cannot be looked for in the end. The next one looks for them again.
      const done = await fleet
        .work({ concurrency: 8, signal, maxFailures: Infinity, maxAttempts: Infinity })
        .catch(() => ({ rotated: 0, healed: 0, failed: 1 }));
      for (const what of ["rotated", "healed", "failed"] as const) sum[what] += done[what];
    }
    return sum;
  },
  /** Does what is left, and gives what is still open then. */
  finish: async () => {
    await fleet.work({ concurrency: 8, maxFailures: Infinity });
    return (await fleet.status()).open;
  },
  /** The ids of the keys that the store's plaintexts are of. */
  held: () =>
    Promise.all(
      customers.map(async (customer) => {
        const found = await storedKey(keys, { read: () => fleet.plaintext(customer) });
        return found?.key.id ?? "none";
      }),
    ),
  usage,
};

export type Worker = typeof handlers;
answer(handlers);
