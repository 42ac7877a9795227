/** Whether a store of yours does what a fleet needs of it: for your own tests, with any test runner or none. */
import type { ApiKey, ProviderName } from "../key.js";
import { NotStoredError } from "../rotation/errors.js";
import { Secret } from "../secret.js";
import type { FleetStore } from "./store.js";

export * from "../common.js";
export { NotStoredError } from "../rotation/errors.js";
export type { FleetStore } from "./store.js";

export interface StoreUnderTest<P extends ProviderName = ProviderName> {
  /** Opens the store, as each machine does: called several times, all of them are of the same store. */
  open: () => FleetStore<P> | Promise<FleetStore<P>>;
  /** The plaintext that the store holds of a customer, as those read it who use the key. */
  plaintext: (customer: string) => Promise<string | undefined>;
  /** Has the next write fail in its middle, such as by cutting the connection. What it is that may fail is yours to know. */
  disturb?: (() => unknown) | undefined;
  /** How long a write that was said to be done, or to have failed, is watched for landing later, in milliseconds. 1,000 unless given. */
  watchMs?: number | undefined;
}

export interface StoreCheck {
  /** What the store has to do, in words. */
  name: string;
  /** @throws Error that says what it did instead */
  run: () => Promise<void>;
}

/** Longer than any provider's keys, in characters. */
const LONG = 1_000;

/** The checks, each of which makes customers of its own, whose names begin with `keysmith-check-`. */
export function storeChecks<P extends ProviderName = ProviderName>(tested: StoreUnderTest<P>): StoreCheck[] {
  const { disturb, watchMs = 1_000 } = tested;
  const checks: Record<string, (at: Checked<P>) => Promise<void>> = {
    "A first key is held, with its plaintext, as soon as the write is done": async (at) => {
      await at.write("first", undefined);
      await at.holds("first");
    },
    "A key that is there is not replaced by a first one": async (at) => {
      await at.write("first", undefined);
      await at.refuses("second", undefined);
      await at.holds("first");
    },
    "A key is replaced by its successor, on another machine too": async (at) => {
      await at.write("first", undefined);
      // A store that remembers what it has read would give it again.
      await at.holds("first");
      await at.write("second", "first");
      await at.holds("second");
    },
    "A stale writer writes nothing over its successor's work": async (at) => {
      await at.write("first", undefined);
      await at.write("second", "first");
      await at.refuses("stale", "first");
      await at.refuses("stale", "never there");
      await at.holds("second");
    },
    "Where nothing is held, nothing is replaced": async (at) => {
      await at.refuses("second", "first");
      await at.holds(undefined);
    },
    "Of writers at the same time one wins, and the others are told": async (at) => {
      await at.write("first", undefined);
      const names = Array.from({ length: 8 }, (_, number) => `rival ${number}`);
      await at.oneOf(names, "first");
    },
    "Of first writers at the same time one wins, and the others are told": async (at) => {
      await at.oneOf(
        Array.from({ length: 8 }, (_, number) => `rival ${number}`),
        undefined,
      );
    },
    "Customers who are written at the same time are kept apart": async (at) => {
      const others = await Promise.all(Array.from({ length: 8 }, () => at.another()));
      await Promise.all(others.map((other, number) => other.write(`of ${number}`, undefined)));
      for (const [number, other] of others.entries()) await other.holds(`of ${number}`);
    },
    "Nothing lands after the write is done": async (at) => {
      await at.write("first", undefined);
      await at.write("second", "first");
      await at.refuses("late", "first");
      await new Promise((resolve) => setTimeout(resolve, watchMs));
      await at.holds("second");
    },
    "What is to be forgotten is, and nothing else": async (at) => {
      await at.write("first", undefined);
      await at.write("second", "first");
      await at.remove("first");
      await at.holds("second");
      if (!(await at.remove("second"))) return;
      await at.remove("second");
      await at.write("third", undefined);
      await at.holds("third");
    },
    "A long key is held whole": async (at) => {
      const long = "long".repeat(LONG / 4);
      await at.write(long, undefined);
      await at.holds(long);
    },
    ...(disturb && {
      "A write that fails is done as a whole or not at all, and only the latter is a NotStoredError": async (at) => {
        await at.write("first", undefined);
        await disturb();
        await at.fails("second", "first", watchMs);
      },
    }),
  };
  return Object.entries(checks).map(([name, check]) => ({
    name,
    run: async () => check(new Checked(tested, await tested.open(), await tested.open())),
  }));
}

/** All that is wrong with a store, in sentences; nothing where all is well. */
export async function problemsOf<P extends ProviderName = ProviderName>(tested: StoreUnderTest<P>): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, run } of storeChecks(tested)) {
    try {
      await run();
    } catch (error) {
      problems.push(`${name}: ${textOf(error)}`);
    }
  }
  return problems;
}

/** One customer of a store, on two machines that take turns. */
class Checked<P extends ProviderName> {
  readonly #tested: StoreUnderTest<P>;
  readonly #stores: readonly FleetStore<P>[];
  #turn = 0;
  readonly #customer: string;

  constructor(tested: StoreUnderTest<P>, one: FleetStore<P>, other: FleetStore<P>) {
    this.#tested = tested;
    this.#stores = [one, other];
    this.#customer = `keysmith-check-${crypto.randomUUID()}`;
  }

  /** Of the machine whose turn it is. */
  get #next(): FleetStore<P> {
    const store = this.#stores[this.#turn++ % this.#stores.length];
    if (!store) throw new TypeError("There is no store to try.");
    return store;
  }

  async another(): Promise<Checked<P>> {
    return new Checked(this.#tested, await this.#tested.open(), await this.#tested.open());
  }

  async #attempt(name: string, replaces: string | undefined): Promise<unknown> {
    try {
      const where = { replaces: replaces === undefined ? undefined : this.#id(replaces) };
      await this.#next.write(this.#customer, new Secret(this.#plaintext(name)), this.#key(name), where);
      return undefined;
    } catch (error) {
      return error ?? new Error("nothing");
    }
  }

  async write(name: string, replaces: string | undefined): Promise<void> {
    const error = await this.#attempt(name, replaces);
    if (error !== undefined) {
      const has = (await this.#held()) === name ? "has written all the same" : "has not written";
      throw new Error(`the write of the ${name} key failed, and ${has}: ${textOf(error)}`);
    }
  }

  async refuses(name: string, replaces: string | undefined): Promise<void> {
    const error = await this.#attempt(name, replaces);
    const what = `a ${name} key in the place of ${replaces ?? "none"}, while another was held`;
    if (error === undefined) throw new Error(`it took ${what}.`);
    if (!isRefusal(error)) throw new Error(`it threw no NotStoredError for ${what}, but: ${textOf(error)}`);
  }

  async oneOf(names: readonly string[], replaces: string | undefined): Promise<void> {
    const errors = await Promise.all(names.map((name) => this.#attempt(name, replaces)));
    const won = names.filter((_, index) => errors[index] === undefined);
    const [winner] = won;
    if (winner === undefined || won.length > 1) throw new Error(`${won.length} of ${names.length} writers won.`);
    const odd = errors.find((error) => error !== undefined && !isRefusal(error));
    if (odd !== undefined) throw new Error(`one that lost was told with no NotStoredError, but: ${textOf(odd)}`);
    await this.holds(winner);
  }

  async fails(name: string, replaces: string, watchMs: number): Promise<void> {
    const error = await this.#attempt(name, replaces);
    if (error === undefined) return this.holds(name);
    await new Promise((resolve) => setTimeout(resolve, watchMs));
    const held = await this.#held();
    if (held !== name && held !== replaces) throw new Error(`it holds ${held ?? "no key"}, neither of the two.`);
    if (isRefusal(error) && held === name) throw new Error("it threw a NotStoredError, and has written all the same.");
    await this.holds(held);
  }

  /** Sees that the store holds the key of this name, or none. */
  async holds(name: string | undefined): Promise<void> {
    const held = await this.#held();
    if (held !== name) throw new Error(`the plaintext in it is of ${said(held)}, not of ${said(name)}.`);
    for (const store of this.#stores) {
      const id = await store.read?.(this.#customer);
      const expected = name === undefined ? undefined : this.#id(name);
      if (store.read && id !== expected)
        throw new Error(`read gives ${id ?? "nothing"}, not ${expected ?? "nothing"}.`);
    }
  }

  /** Forgets a key, and sees that no other is forgotten. Gives whether the store can do so. */
  async remove(name: string): Promise<boolean> {
    const store = this.#next;
    if (!store.remove) return false;
    const before = await this.#held();
    await store.remove(this.#customer, this.#id(name));
    await this.holds(before === name ? undefined : before);
    return true;
  }

  /** The name of the key whose plaintext is in the store. */
  async #held(): Promise<string | undefined> {
    const plaintext = await this.#tested.plaintext(this.#customer);
    if (plaintext === undefined || plaintext === "") return undefined;
    const start = this.#plaintext("");
    if (!plaintext.startsWith(start)) throw new Error("it holds a plaintext that nobody gave to it.");
    return plaintext.slice(start.length).replaceAll("-", " ");
  }

  #id(name: string): string {
    return `${this.#customer}:${name.replaceAll(" ", "-")}`;
  }

  #plaintext(name: string): string {
    return `not-a-key-${this.#customer}-${name.replaceAll(" ", "-")}`;
  }

  #key(name: string): ApiKey<P> {
    // A store goes by the id; what else a key has is the provider's.
    return { provider: "keysmith check", id: this.#id(name), name, raw: {} } as unknown as ApiKey<P>;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === NotStoredError.name;
}

function said(name: string | undefined): string {
  return name === undefined ? "no key" : `the ${name} key`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
