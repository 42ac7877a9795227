/** One key for each of many customers, on many machines: made once, rotated, and never lost. */
import { setMaxListeners } from "node:events";
import { hostname } from "node:os";
import type { Providers } from "../../generated/index.js";
import type { RateLimit } from "../api.js";
import { durationMs } from "../go-duration.js";
import { sleep } from "../http/timers.js";
import type { ApiKey, ProviderName } from "../key.js";
import type { Keys } from "../keys.js";
import { apiOf, roomOf } from "../registry.js";
import { EntryLostError } from "../rotation/errors.js";
import type { NeededOverrides } from "../rotation/options.js";
import { gone } from "../rotation/retirement.js";
import { agreedLease, Customers, type Lease } from "./customers.js";
import type { Embedded, Pool } from "./connections.js";
import { connectionsTo, DatabaseError, databaseOver, prepared, type Database } from "./database.js";
import { ensured } from "./ensure.js";
import { queueOf } from "./jobs.js";
import { limited } from "./limiter.js";
import { InDoubtError, keyOf, type Place } from "./place.js";
import { statusOf, type FleetStatus } from "./status.js";
import { tableStore, type FleetStore, type Seal } from "./store.js";
import { checkBounds, settleLost, work, type Opened, type Rotating, type WorkDone, type WorkOptions } from "./work.js";

export * from "../common.js";
export { NotStoredError, type RotationStep } from "../rotation/errors.js";
export type { RateLimit } from "../api.js";
export type { Journal, JournalLeft, NeededOverrides, Retirement, RotateOptions } from "../rotation/options.js";
export type { Embedded, Pool } from "./connections.js";
export { DatabaseError } from "./database.js";
export { InDoubtError } from "./place.js";
export type { CustomerStatus, FleetStatus } from "./status.js";
export { dotenvStore, type DotenvStoreOptions } from "./dotenv-store.js";
export type { FleetStore, Seal } from "./store.js";
export type { FleetEvent, Rotating, WorkDone, WorkOptions } from "./work.js";

export interface FleetOptions<P extends ProviderName> {
  keys: Keys<P>;
  /**
   * A pool of `pg`, or a connection string of PostgreSQL. All machines of a fleet have the same. For one machine alone it may be
   * left out, or say where the data is (`{ folder }`): then there is an embedded one, which all of this user's processes share.
   */
  database?: string | Pool | Embedded | undefined;
  /** Where the customers' keys are: a store of yours, or how to encrypt those in a table of the same database. */
  store: FleetStore<P> | Seal;
  /** Tells fleets in one database apart. The provider's name unless given. */
  name?: string | undefined;
  /**
   * How many requests all machines may send in how many seconds, the same on each. The provider's published limit unless
   * given; none where it has published none.
   */
  rate?: RateLimit | undefined;
  /**
   * How long a worker has a customer after its last sign of life, in milliseconds, the same on all machines. One that is
   * slower is no danger, and its work is done again. 60,000 unless given.
   */
  leaseMs?: number | undefined;
  /**
   * How long after a create whose answer never came its key may still appear, in milliseconds. 120,000 unless given. Later
   * than that it is looked for, and revoked.
   */
  lateMs?: number | undefined;
  /** Where keys are made besides the default workspace, at a provider that has such: what is lost is looked for there, too. */
  workspaces?: readonly string[] | undefined;
  /** Told once each time that the database is not there, and is waited for. What it throws is not caught. */
  onOutage?: ((error: Error) => unknown) | undefined;
  /**
   * As for `rotate`: what a new key has other than the old one, and what is done with it before it is stored. What its provider
   * does not tell of a key has to be given (`NeededRotation`).
   */
  rotation?: Rotating<P> | undefined;
}

/** What each rotation has to be told, as `rotate` has to be. Nothing where all that a key has can be copied. */
export type NeededRotation<P extends ProviderName> =
  unknown extends NeededOverrides<P> ? unknown : { rotation: NeededOverrides<P> };

/** Each waits for the database where it is not there, until the signal aborts. */
export interface Fleet<P extends ProviderName> {
  /**
   * The customer's key: made where the store holds none, exactly once, however often and wherever this is called. Killed at
   * any moment and called again, it heals. A key that is there already is not changed.
   *
   * @throws InDoubtError where nobody can tell which key the store holds; what `create` throws; an error
   * of the name and words of what the store throws, without the plaintext
   */
  ensure(customer: string, input: Providers[P]["input"], options?: { signal?: AbortSignal }): Promise<ApiKey<P>>;
  /** Queues the customers whose key was stored longer ago than that (`"30d"`), for `work`. Gives how many are queued. */
  rotate(options: { olderThan: string }): Promise<number>;
  /** Rotates what is queued, on as many machines as call it, until nothing is left or the signal aborts. */
  work(options?: WorkOptions): Promise<WorkDone>;
  status(): Promise<FleetStatus>;
  /** Begins no more rotations, on any machine, until `resume`. Those in work are finished. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /**
   * Settles a customer in doubt: the store holds the key of this id, or none. All others of the customer are revoked. Without
   * a customer: revokes what came of creates whose answer was lost, as `work` does at its end. Gives how many were revoked.
   */
  settle(customer?: string, found?: { holds: string | undefined }): Promise<number>;
  /** Revokes the customer's keys, and forgets them and the customer. */
  remove(customer: string, options?: { signal?: AbortSignal }): Promise<void>;
  /** Where the store is a table: the plaintext key of a customer; undefined where there is none. */
  plaintext(customer: string): Promise<string | undefined>;
  /** Ends the connections to the database, where they are its own. */
  end(): Promise<void>;
}

const LEASE_MS = 60_000;
/** How long a request may be on its way whose sender has died, and its key appear only then. */
const LATE_MS = 120_000;
const PAUSE_MS = 200;
/** An index of PostgreSQL has no longer entries than 2,704 bytes, and a fleet has a name, too. */
const LONGEST_CUSTOMER_BYTES = 1_000;
/** What PostgreSQL calls an integer. */
const LONGEST_LEASE_MS = 2 ** 31 - 1;
/** How often a store may refuse a first key, and then hold none. */
const REFUSALS = 5;

/** @throws RangeError where a number is none that a fleet can keep to, such as of a variable that is not set */
export function createFleet<P extends ProviderName>(options: FleetOptions<P> & NeededRotation<P>): Fleet<P> {
  const { name = options.keys.provider, lateMs = LATE_MS } = options;
  checkLimits(options);
  const ending = new AbortController();
  // All that wait for the database listen to it, and Node warns of more than ten as of a leak.
  setMaxListeners(0, ending.signal);
  let opening: Promise<Opened<P> & { database: Database }> | undefined;
  const begun = () => {
    opening ??= open().catch((error: unknown) => {
      // What was wrong then may be right when it is asked again.
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const table =
    "seal" in options.store ? tableStore<P>(async () => (await begun()).database, name, options.store) : undefined;
  const store: FleetStore<P> = table ?? (options.store as FleetStore<P>);

  const open = async () => {
    const connections = await connectionsTo(options.database).catch((error: unknown) => {
      throw error instanceof TypeError || error instanceof RangeError ? error : new DatabaseError(error);
    });
    const database = databaseOver(connections, ending.signal, options.onOutage);
    try {
      return await openedOn(database);
    } catch (error) {
      await database.end();
      throw error;
    }
  };
  const openedOn = async (database: Database) => {
    const { keys, rate = apiOf(keys.provider).rateLimit } = options;
    await prepared(database);
    const leaseMs = await agreedLease(database, name, options.leaseMs, LEASE_MS);
    const queue = await queueOf(database, name, leaseMs);
    const place: Place<P> = {
      keys: rate ? keys.with(await limited(database, name, rate)) : keys,
      copy: await roomOf(keys.provider).copy(),
      store,
      workspaces: [undefined, ...(options.workspaces ?? [])],
      signal: undefined,
    };
    const customers = new Customers(database, name, leaseMs, `${hostname()}, process ${process.pid}`);
    return { database, queue, customers, place, rotating: options.rotation ?? {}, leaseMs };
  };

  /** Waits for a customer's lease, and works under it. */
  const under = async <T>(
    customer: string,
    signal: AbortSignal | undefined,
    how: (place: Place<P>, lease: Lease, customers: Customers) => Promise<T>,
  ): Promise<T> => {
    checkCustomer(customer);
    const { customers, place } = await begun();
    for (;;) {
      signal?.throwIfAborted();
      await customers.add(customer);
      const lease = await customers.lease(customer);
      if (typeof lease === "string") {
        await sleep(PAUSE_MS, signal);
        continue;
      }
      try {
        return await how({ ...place, signal }, lease, customers);
      } catch (error) {
        if (error instanceof EntryLostError) continue;
        if (error instanceof InDoubtError) await customers.set(customer, "doubt", error.message);
        throw error;
      } finally {
        await lease.leave().catch(() => undefined);
      }
    }
  };

  return {
    ensure: async (customer, input, { signal } = {}) => {
      for (let refusals = 0; refusals < REFUSALS; refusals++) {
        const key = await under(customer, signal, (place, lease) => ensured(place, lease, input));
        if (key) return key;
      }
      throw new Error(`The store refuses a first key of ${customer}, and says that it holds none. Mend it.`);
    },
    rotate: async ({ olderThan }) => {
      const ageMs = durationMs(olderThan);
      if (ageMs === undefined) throw new RangeError('olderThan must be a duration such as "30d" or "12h".');
      const { customers, queue } = await begun();
      const due = await customers.due(ageMs);
      await queue.add(due);
      await customers.wait(due);
      return due.length;
    },
    work: async (how = {}) => {
      checkBounds(how);
      return work(await begun(), lateMs, how);
    },
    status: async () => {
      const { customers } = await begun();
      return statusOf(await customers.all(), await customers.isPaused());
    },
    pause: async () => (await begun()).customers.pause(true),
    resume: async () => (await begun()).customers.pause(false),
    settle: async (customer, found) => {
      if (customer === undefined || found === undefined) {
        const { customers, place } = await begun();
        return settleLost(place, customers, lateMs);
      }
      const { customers } = await begun();
      if (!(await customers.has(customer)))
        throw new Error(`${name} has no customer ${JSON.stringify(customer)}. Nothing was revoked.`);
      return under(customer, undefined, (place, lease) => settled(place, lease, found.holds));
    },
    remove: async (customer, { signal } = {}) => {
      await under(customer, signal, async (place, lease, customers) => {
        const held = await store.read?.(customer);
        const ids = [...lease.attempts.map(({ id }) => id), lease.keyId, held];
        for (const id of new Set(ids)) {
          await lease.note();
          if (id !== undefined) await gone(place.keys.revoke(id, { signal }));
        }
        const last = held ?? lease.keyId;
        if (last !== undefined) await store.remove?.(customer, last);
        await lease.close(undefined);
        await customers.forget(customer);
      });
    },
    plaintext: async (customer) => {
      if (!table) throw new TypeError("plaintext() reads the fleet's own table, and the store is yours: ask it.");
      return table.plaintext(customer);
    },
    end: async () => {
      const last = await opening?.catch(() => undefined);
      ending.abort(new Error("the fleet was ended"));
      await last?.queue.end();
      await last?.database.end();
    },
  };
}

/** A rate of no number would be no limit, and under a lease that is over at once nothing can be done. */
function checkLimits({ rate, leaseMs }: Pick<FleetOptions<ProviderName>, "rate" | "leaseMs">): void {
  if (rate && !(rate.requests > 0 && rate.requests < Infinity && rate.seconds > 0 && rate.seconds < Infinity)) {
    throw new RangeError(`rate is ${rate.requests} requests in ${rate.seconds} seconds. Both have to be above 0.`);
  }
  if (leaseMs !== undefined && !(Number.isInteger(leaseMs) && leaseMs > 0 && leaseMs <= LONGEST_LEASE_MS)) {
    throw new RangeError(`leaseMs is ${leaseMs}: give whole milliseconds, from 1 to ${LONGEST_LEASE_MS}.`);
  }
}

/** What a row of PostgreSQL can be found by: half a pair of surrogates would become another character. */
function checkCustomer(customer: string): void {
  const length = Buffer.byteLength(customer);
  if (length > 0 && length <= LONGEST_CUSTOMER_BYTES && !/[\0\p{Surrogate}]/u.test(customer)) return;
  throw new RangeError(
    `A customer is a text of 1 to ${LONGEST_CUSTOMER_BYTES} bytes of UTF-8, without the character 0.`,
  );
}

/** @throws Error where that cannot be so */
async function settled<P extends ProviderName>(
  place: Place<P>,
  lease: Lease,
  holds: string | undefined,
): Promise<number> {
  const { customer, keyId, attempts } = lease;
  const says = await place.store.read?.(customer);
  if (place.store.read && says !== undefined && says !== holds) {
    throw new Error(`The store says that it holds ${says} of ${customer}. Nothing was revoked.`);
  }
  if (holds !== undefined && !(await keyOf(place, holds))) {
    throw new Error(`There is no key ${holds} at the provider. Nothing was revoked.`);
  }
  const others = new Set([keyId, ...attempts.map(({ id }) => id)].flatMap((id) => id ?? []));
  others.delete(holds ?? "");
  for (const id of others) {
    await lease.note();
    await gone(place.keys.revoke(id));
  }
  await lease.close(holds);
  return others.size;
}
