import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { dotenvStore } from "../../src/fleet/dotenv-store.js";
import {
  NotStoredError,
  problemsOf,
  storeChecks,
  type FleetStore,
  type StoreUnderTest,
} from "../../src/fleet/testing.js";

interface Row {
  id: string;
  plaintext: string;
}

/** A store in memory that does what it should, as far as a fault lets it. */
function inMemory(
  fault?: "writes and then throws" | "writes late" | "takes stale writers" | "looks before it writes",
): StoreUnderTest {
  const rows = new Map<string, Row>();
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const store: FleetStore = {
    write: async (customer, secret, { id }, { replaces }) => {
      await turn();
      const isRefused = rows.get(customer)?.id !== replaces;
      if (fault === "looks before it writes") await turn();
      if (isRefused && fault !== "takes stale writers") throw new NotStoredError("it holds another key.");
      const put = () => void rows.set(customer, { id, plaintext: secret.reveal() });
      if (fault === "writes late") return void setTimeout(put, 5);
      put();
      if (fault === "writes and then throws") throw new Error("the connection was lost.");
    },
    read: (customer) => Promise.resolve(rows.get(customer)?.id),
    remove: async (customer, id) => {
      await turn();
      if (rows.get(customer)?.id === id) rows.delete(customer);
    },
  };
  return { open: () => store, plaintext: (customer) => Promise.resolve(rows.get(customer)?.plaintext), watchMs: 20 };
}

async function dotenv(): Promise<StoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "keysmith-fleet-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, ".env");
  await writeFile(path, "# kept as it is\nOTHER='a b'\n");
  const variable = (customer: string) => `KEY_${customer.replaceAll(/\W/g, "_")}`;
  return {
    open: () => dotenvStore(path, { variable }),
    plaintext: async (customer) =>
      new RegExp(`^${variable(customer)}=(.*)$`, "m").exec(await readFile(path, "utf8"))?.[1],
    watchMs: 20,
  };
}

describe("a store of a fleet", () => {
  it("is found to be right where it compares and sets", async () => {
    expect(await problemsOf(inMemory())).toEqual([]);
  });

  it("may be without read and remove", async () => {
    const { open, ...rest } = inMemory();
    const withWriteAlone = async (): Promise<FleetStore> => {
      const store = await open();
      return { write: (...args) => store.write(...args) };
    };
    expect(await problemsOf({ ...rest, open: withWriteAlone })).toEqual([]);
  });

  it.each([
    ["writes and then throws", "A first key is held", "has written all the same"],
    ["writes late", "A first key is held", "is of no key, not of the first key"],
    ["takes stale writers", "A stale writer", "it took a stale key"],
    ["looks before it writes", "Of writers at the same time", "8 of 8 writers won"],
  ] as const)("that %s is found", async (fault, name, problem) => {
    const problems = await problemsOf(inMemory(fault));
    expect(problems.find((one) => one.startsWith(name))).toContain(problem);
  });

  it("that says it wrote nothing, and wrote, is found where it is disturbed", async () => {
    const tested = inMemory();
    let disturbed = false;
    const store = await tested.open();
    const problems = await problemsOf({
      ...tested,
      disturb: () => (disturbed = true),
      open: () => ({
        ...store,
        write: async (...args) => {
          await store.write(...args);
          if (disturbed) throw new NotStoredError("the connection was lost.");
        },
      }),
    });
    expect(problems).toEqual([expect.stringContaining("threw a NotStoredError, and has written all the same")]);
  });
});

describe("a dotenv file as a store", () => {
  it("does all that a fleet needs", async () => {
    const tested = await dotenv();
    for (const { name, run } of storeChecks(tested)) await expect(run(), name).resolves.toBeUndefined();
  });

  it("leaves what else is in the file as it is", async () => {
    const folder = await mkdtemp(join(tmpdir(), "keysmith-fleet-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, ".env");
    await writeFile(path, "# kept\nOTHER='a b'\n");
    const tested: StoreUnderTest = {
      open: () => dotenvStore(path, { variable: () => "API_KEY" }),
      plaintext: () => Promise.resolve(undefined),
    };
    const store = await tested.open();
    const id = randomUUID();
    const { Secret } = await import("../../src/secret.js");
    const key = { provider: "openrouter", id, name: "", raw: {} } as never;
    await store.write("customer 7", new Secret("not-a-key"), key, { replaces: undefined });
    expect(await readFile(path, "utf8")).toBe(`# kept\nOTHER='a b'\nAPI_KEY=not-a-key\nAPI_KEY_ID=${id}\n`);
    expect(await store.read?.("customer 7")).toBe(id);
    await store.remove?.("customer 7", id);
    expect(await store.read?.("customer 7")).toBeUndefined();
  });
});
