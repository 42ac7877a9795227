/**
 * One machine of a fleet: ensures a key for each customer, rotates what is queued, tells of them, or removes one. Killed by
 * whoever started it.
 */
import { createFleet, InDoubtError, type Seal } from "../../src/fleet/index.js";
import { cockroach } from "../../src/index.js";

const [does = "", database = "", baseUrl = "", apiKey = "", customers = "", requests = "", processes = "", own = ""] =
  process.argv.slice(2);

/** No encryption: it is told from a plaintext that was written past it. */
const seal: Seal = { seal: (plaintext) => `sealed ${plaintext}`, open: (sealed) => sealed.replace("sealed ", "") };

const fleet = createFleet({
  keys: cockroach({ apiKey, baseUrl }),
  // A folder stands for the embedded one in it.
  database: database.startsWith("/") ? { folder: database } : database,
  store: seal,
  rate: { requests: Number(requests), seconds: 1 },
  leaseMs: 5_000,
  lateMs: 3_000,
});
const CONCURRENCY = 12;

if (does === "ensure") {
  // A share of its own, and some that others have in work at the same time.
  const isIts = (number: number) => number % Number(processes) === Number(own) || Math.random() < 0.05;
  const left = Array.from({ length: Number(customers) }, (_, number) => number).filter(isIts);
  left.sort(() => Math.random() - 0.5);
  const lane = async () => {
    for (let number = left.pop(); number !== undefined; number = left.pop()) {
      for (;;) {
        try {
          await fleet.ensure(`customer ${number}`, {
            name: `customer ${number}`,
            serviceAccountId: "7e0ef1d4-95bb-4f31-8b41-5a4c1c6a8b0f",
          });
          break;
        } catch (error) {
          // Its answer was lost: called again, it heals.
          if (error instanceof InDoubtError) throw error;
          console.log(String(error));
        }
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
} else if (does === "rotate") {
  console.log(await fleet.rotate({ olderThan: "1ms" }));
} else if (does === "remove") {
  await fleet.remove("customer 0");
  console.log(JSON.stringify(await fleet.status()));
} else if (does === "tell") {
  const secrets: [string, string | undefined][] = [];
  for (let number = 0; number < Number(customers); number++) {
    secrets.push([`customer ${number}`, await fleet.plaintext(`customer ${number}`)]);
  }
  console.log(JSON.stringify({ status: await fleet.status(), secrets }));
} else {
  await fleet.work({
    concurrency: CONCURRENCY,
    maxFailures: Infinity,
    // Answers are lost every four seconds, which may hit the last customer each time that it is tried again.
    maxAttempts: Infinity,
    onEvent: (event) => event.type === "failed" && console.log(event.customer, event.problem),
  });
}
await fleet.end();
