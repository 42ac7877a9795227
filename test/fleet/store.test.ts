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

type RightStore = Required<FleetStore>;

/** A store in memory that does what it should, as far as a fault lets it. */
function inMemory(
  fault?: "writes and then throws" | "writes late" | "takes stale writers" | "looks before it writes",
): Omit<StoreUnderTest, "open"> & { open: () => RightStore; rows: Map<string, Row> } {
  const rows = new Map<string, Row>();
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const store: RightStore = {
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
  const plaintext = (customer: string) => Promise.resolve(rows.get(customer)?.plaintext);
  return { open: () => store, plaintext, watchMs: 20, rows };
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
    const withWriteAlone = (): FleetStore => {
      const store = open();
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

  it.each<{ store: string; wrong: (right: RightStore, rows: Map<string, Row>) => Partial<FleetStore>; want: string }>([
    {
      store: "reads from a cache",
      wrong: ({ read }) => {
        const cache = new Map<string, string | undefined>();
        return {
          read: async (customer) => {
            if (!cache.has(customer)) cache.set(customer, await read(customer));
            return cache.get(customer);
          },
        };
      },
      want: "A key is replaced by its successor, on another machine too: Error: read gives keysmith-check",
    },
    {
      store: "forgets whatever it holds",
      wrong: (_, rows) => ({ remove: (customer) => Promise.resolve(void rows.delete(customer)) }),
      want: "What is to be forgotten is, and nothing else: Error: the plaintext in it is of no key, not of the second key",
    },
    {
      store: "forgets nothing",
      wrong: () => ({ remove: () => Promise.resolve() }),
      want: "What is to be forgotten is, and nothing else: Error: the plaintext in it is of the second key, not of no key",
    },
    {
      store: "fails where nothing is to be forgotten",
      wrong: ({ remove }, rows) => ({
        remove: async (customer, id) => {
          if (!rows.has(customer)) throw new Error("404");
          await remove(customer, id);
        },
      }),
      want: "What is to be forgotten is, and nothing else: Error: 404",
    },
    {
      store: "keeps the place of what it forgot",
      wrong: ({ remove, write }) => {
        const places = new Set<string>();
        return {
          remove: (customer, id) => {
            places.add(customer);
            return remove(customer, id);
          },
          write: (customer, secret, key, where) =>
            where.replaces === undefined && places.has(customer)
              ? Promise.reject(new NotStoredError("it is there."))
              : write(customer, secret, key, where),
        };
      },
      want: "What is to be forgotten is, and nothing else: Error: the write of the third key failed",
    },
    {
      store: "refuses with an error of its own",
      wrong: ({ write }) => ({
        write: (...args) => write(...args).catch(() => Promise.reject(new Error("409"))),
      }),
      want: "A stale writer writes nothing over its successor's work: Error: it threw no NotStoredError",
    },
    {
      store: "holds what is shown in the place of the plaintext",
      wrong: (_, rows) => ({
        write: (customer, secret, { id }) =>
          Promise.resolve(void rows.set(customer, { id, plaintext: String(secret) })),
      }),
      want: "it holds a plaintext that nobody gave to it",
    },
    {
      store: "cuts what is long",
      wrong: ({ write }, rows) => ({
        write: async (customer, ...rest) => {
          await write(customer, ...rest);
          const row = rows.get(customer);
          if (row) row.plaintext = row.plaintext.slice(0, 255);
        },
      }),
      want: "A long key is held whole",
    },
    {
      store: "writes the id apart from the secret, and only to one machine",
      wrong: ({ write }) => {
        const ids = new Map<string, string>();
        return {
          write: async (customer, secret, key, where) => {
            await write(customer, secret, key, where);
            ids.set(customer, key.id);
          },
          read: (customer) => Promise.resolve(ids.get(customer)),
        };
      },
      want: "read gives nothing, not",
    },
    {
      store: "puts all customers into one place",
      wrong: (right) => ({
        write: (_, ...rest) => right.write("all", ...rest),
        read: () => right.read("all"),
        remove: (_, id) => right.remove("all", id),
      }),
      want: "Customers who are written at the same time are kept apart",
    },
  ])("that $store is found", async ({ wrong, want }) => {
    const { open, rows, ...rest } = inMemory();
    const problems = await problemsOf({ ...rest, open: () => ({ ...open(), ...wrong(open(), rows) }) });
    expect(problems.join("\n")).toContain(want);
  });

  it("that says it wrote nothing, and wrote, is found where it is disturbed", async () => {
    const tested = inMemory();
    let disturbed = false;
    const store = tested.open();
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
