/** A worker that is cut off from the database alone: it still reaches the provider and the store, while another takes over. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createFleet, NotStoredError, type FleetStore } from "../../src/fleet/index.js";
import { openrouter } from "../../src/index.js";
import { createSandbox, type Sandbox } from "../../src/sandbox/index.js";
import { bundled } from "../helpers/bundled.js";
import { startPostgres, type Postgres } from "./postgres.js";
import { proxied } from "./proxied.js";

let postgres: Postgres;
let copies: Awaited<ReturnType<typeof bundled>>;
beforeAll(async () => {
  postgres = await startPostgres();
  copies = await bundled("src/fleet/index.ts");
});
afterAll(async () => {
  await copies.remove();
  await postgres.stop();
});

/** At most so many requests has a rotation. */
const MOMENTS = [1, 2, 3, 4, 5, 6, 7, 8];

it("writes nothing over its successor's work, after whichever of its requests it is cut off", async () => {
  const cut = await Promise.all(MOMENTS.map(cutOffAfter));
  // Else the last ones were tried in vain.
  expect(cut.filter(Boolean).length).toBeGreaterThanOrEqual(6);
});

/** Gives whether there was such a request. */
async function cutOffAfter(moment: number): Promise<boolean> {
  const sandbox = createSandbox();
  const before = (await idsIn(sandbox)).length;
  const proxy = await proxied(postgres.url);
  const { store, rows } = compareAndSet();
  const { fetch, begin, wasCut } = cutting(sandbox, moment, proxy.cut);
  // A machine of its own knows nothing of the keys that are in work on another one.
  const copy = (await import(join(copies.folder, "index.mjs"))) as typeof import("../../src/fleet/index.js");
  const shared = { store, name: `cut off after ${moment}`, leaseMs: 1_000, lateMs: 0 };
  const apiKey = sandbox.credentials.openrouter;
  const one = copy.createFleet({ ...shared, keys: openrouter({ apiKey, fetch }), database: proxy.url });
  const other = createFleet({
    ...shared,
    keys: openrouter({ apiKey, fetch: sandbox.fetch }),
    database: postgres.url,
  });
  try {
    const first = await other.ensure("a", { name: "a" });
    expect(await other.rotate({ olderThan: "1us" })).toBe(1);
    begin();
    const working = one.work({ concurrency: 1 });
    const isCut = await Promise.race([wasCut, working.then(() => false)]);
    // It may fail first, where the one that is cut off has gone on meanwhile.
    expect(await other.work()).toMatchObject({ ended: "empty" });
    const held = rows.get("a");
    proxy.mend();
    await working;
    await other.work();
    await other.settle();
    expect([moment, rows.get("a")]).toEqual([moment, held]);
    expect(held).not.toBe(first.id);
    const live = await idsIn(sandbox);
    expect([moment, live.length]).toEqual([moment, before + 1]);
    expect(live).toContain(held);
    expect(await other.status()).toMatchObject({ idle: 1, open: [] });
    return isCut;
  } finally {
    await one.end();
    await other.end();
    await proxy.stop();
  }
}

/** The sandbox, and what happens after one of its answers from `begin` on. */
function cutting(sandbox: Sandbox, moment: number, cut: () => void) {
  let sent = -Infinity;
  let told: (isCut: boolean) => void = () => undefined;
  const wasCut = new Promise<boolean>((resolve) => (told = resolve));
  const fetch: Sandbox["fetch"] = async (input, init) => {
    const answer = await sandbox.fetch(input, init);
    if (++sent === moment) {
      cut();
      told(true);
    }
    return answer;
  };
  return { fetch, begin: () => void (sent = 0), wasCut };
}

function compareAndSet() {
  const rows = new Map<string, string>();
  const store: FleetStore<"openrouter"> = {
    read: (customer) => Promise.resolve(rows.get(customer)),
    write: async (customer, secret, { id }, { replaces }) => {
      await Promise.resolve();
      if (rows.get(customer) !== replaces) throw new NotStoredError("it holds another key.");
      secret.reveal();
      rows.set(customer, id);
    },
  };
  return { store, rows };
}

async function idsIn({ credentials, fetch }: Sandbox): Promise<string[]> {
  const keys = openrouter({ apiKey: credentials.openrouter, fetch });
  return (await keys.list({ includeDisabled: true }).toArray()).map(({ id }) => id);
}
