/** What the database knows of each customer: its key, who is at work on it, and what is not settled yet. */
import { EntryLostError } from "../rotation/errors.js";
import type { Database } from "./database.js";

/** A create that was begun: its mark, and the id of the key once there was an answer. */
export interface Attempt {
  nonce: string;
  id?: string;
  /** Whether the store was given the key: it may hold it. */
  stored?: true;
}

/** Of one customer, for as long as a worker has its lease. */
export interface Lease {
  readonly customer: string;
  /** The key that the store held when the row was last closed. */
  readonly keyId: string | undefined;
  /** Of all creates since then, the oldest first. */
  readonly attempts: Attempt[];
  /** Says that the customer's key is being rotated. @throws EntryLostError where another has the lease. */
  begin(): Promise<void>;
  /** Keeps the lease, and notes what has come of a create. @throws EntryLostError where another has it. */
  note(attempt?: Attempt): Promise<void>;
  /** What came of a create is settled, and nobody has to ask for it. @throws EntryLostError where another has the lease. */
  forget(nonce: string): Promise<void>;
  /** Gives it back: the store holds this key, and all that was tried is settled, but for creates without an answer. */
  close(keyId: string | undefined): Promise<void>;
  /** Gives it back: what it was in doubt for is over. */
  assure(): Promise<void>;
  /** Gives it back, with what was tried. */
  leave(): Promise<void>;
}

export type State = "idle" | "waiting" | "working" | "failed" | "doubt";

export interface Customer {
  customer: string;
  keyId: string | undefined;
  state: State;
  problem: string | undefined;
  /** Who has its lease now. */
  worker: string | undefined;
  /** The ids of keys that were made and neither stored nor revoked, as far as is known. */
  unsettled: string[];
}

interface Row {
  key_id: string | null;
  attempts: Attempt[];
}

export class Customers {
  readonly #database: Database;
  readonly #fleet: string;
  readonly #leaseMs: number;
  readonly #worker: string;

  constructor(database: Database, fleet: string, leaseMs: number, worker: string) {
    this.#database = database;
    this.#fleet = fleet;
    this.#leaseMs = leaseMs;
    this.#worker = worker;
  }

  #query<Row>(text: string, ...values: unknown[]): Promise<Row[]> {
    return this.#database.query<Row>(text, [this.#fleet, ...values]);
  }

  async add(customer: string): Promise<void> {
    await this.#query(
      "insert into keysmith_fleet.customer (fleet, customer) values ($1, $2) on conflict do nothing",
      customer,
    );
  }

  /** Takes the lease of a customer; says why not where another worker has it, or there is no such customer. */
  async lease(customer: string): Promise<Lease | "taken" | "unknown"> {
    const owner = crypto.randomUUID();
    // Where the answer is lost and it is asked again, the lease is its own already.
    const [row] = await this.#query<Row>(
      `update keysmith_fleet.customer
       set owner = $3, worker = $5, leased_until = clock_timestamp() + $4 * interval '1 ms'
       where fleet = $1 and customer = $2 and (leased_until <= clock_timestamp() or owner = $3)
       returning key_id, attempts`,
      customer,
      owner,
      this.#leaseMs,
      this.#worker,
    );
    if (!row) return (await this.has(customer)) ? "taken" : "unknown";
    return this.#leased(customer, owner, row);
  }

  async has(customer: string): Promise<boolean> {
    const found = await this.#query(
      "select 1 from keysmith_fleet.customer where fleet = $1 and customer = $2",
      customer,
    );
    return found.length > 0;
  }

  #leased(customer: string, owner: string, { key_id, attempts }: Row): Lease {
    const own = async (change: string, ...values: unknown[]) => {
      const changed = await this.#query(
        `update keysmith_fleet.customer set ${change} where fleet = $1 and customer = $2 and owner = $3 returning 1`,
        customer,
        owner,
        ...values,
      );
      if (changed.length === 0) throw new EntryLostError("another worker has the customer's lease.");
    };
    const noted = () =>
      own(
        "leased_until = clock_timestamp() + $4 * interval '1 ms', attempts = $5",
        this.#leaseMs,
        JSON.stringify(attempts),
      );
    return {
      customer,
      keyId: key_id ?? undefined,
      attempts,
      begin: () => own("state = 'working'"),
      note: async (attempt) => {
        const known = attempts.find(({ nonce }) => nonce === attempt?.nonce);
        if (known) Object.assign(known, attempt);
        else if (attempt) attempts.push({ ...attempt });
        await noted();
      },
      forget: async (nonce) => {
        attempts.splice(0, Infinity, ...attempts.filter((attempt) => attempt.nonce !== nonce));
        await noted();
      },
      close: async (keyId) => {
        const lost = attempts.flatMap(({ nonce, id }) => (id === undefined ? nonce : []));
        // First: once the row is closed, nobody else knows of them.
        if (lost.length > 0) {
          await this.#query(
            `insert into keysmith_fleet.lost_create (fleet, customer, nonce) select $1, $2, unnest($3::text[])
             on conflict do nothing`,
            customer,
            lost,
          );
        }
        // The owner stays: a close that is asked twice, since its answer was lost, is done twice.
        await own(
          `leased_until = '-infinity', attempts = '[]', key_id = $4, state = 'idle', problem = null, failures = 0,
           stored_at = case when key_id is distinct from $4 then clock_timestamp() else stored_at end`,
          keyId ?? null,
        );
      },
      assure: () =>
        own(
          `leased_until = '-infinity', problem = case state when 'doubt' then null else problem end,
           state = case state when 'doubt' then 'idle' else state end`,
        ),
      leave: () => own("leased_until = '-infinity'"),
    };
  }

  /** Unless somebody has its lease. */
  async forget(customer: string): Promise<void> {
    await this.#query(
      `delete from keysmith_fleet.customer
       where fleet = $1 and customer = $2 and key_id is null and attempts = '[]' and leased_until <= clock_timestamp()`,
      customer,
    );
  }

  async set(customer: string, state: State, problem?: string): Promise<void> {
    await this.#query(
      "update keysmith_fleet.customer set state = $3, problem = $4 where fleet = $1 and customer = $2",
      customer,
      state,
      problem ?? null,
    );
  }

  /** Says what became of a job, unless another worker has done it meanwhile: then the customer has another key. */
  async setWhile(customer: string, keyId: string, state: State, problem?: string): Promise<void> {
    await this.#query(
      "update keysmith_fleet.customer set state = $4, problem = $5 where fleet = $1 and customer = $2 and key_id = $3",
      customer,
      keyId,
      state,
      problem ?? null,
    );
  }

  /** Counts a failure, likewise. Gives how many in a row there were. */
  async failed(customer: string, keyId: string, problem: string): Promise<number> {
    const [row] = await this.#query<{ failures: number }>(
      `update keysmith_fleet.customer set failures = failures + 1, problem = $4, state = 'waiting'
       where fleet = $1 and customer = $2 and key_id = $3 returning failures`,
      customer,
      keyId,
      problem,
    );
    return row?.failures ?? 0;
  }

  /** Those whose key was stored longer ago than that, and that nobody is at work on. */
  async due(ageMs: number): Promise<{ customer: string; keyId: string }[]> {
    return this.#query(
      `select customer, key_id as "keyId" from keysmith_fleet.customer
       where fleet = $1 and stored_at <= clock_timestamp() - $2 * interval '1 ms' and key_id is not null
         and not (state = 'working' and leased_until > clock_timestamp()) order by stored_at`,
      ageMs,
    );
  }

  /** Marks those as waiting that are queued, but for those that were rotated meanwhile. */
  async wait(queued: readonly { customer: string; keyId: string }[]): Promise<void> {
    await this.#query(
      `update keysmith_fleet.customer set state = 'waiting', problem = null, failures = 0
       from unnest($2::text[], $3::text[]) as queued (name, id)
       where fleet = $1 and customer = name and key_id = id
         and not (state = 'working' and leased_until > clock_timestamp())`,
      queued.map(({ customer }) => customer),
      queued.map(({ keyId }) => keyId),
    );
  }

  async all(): Promise<Customer[]> {
    const rows = await this.#query<
      Row & Pick<Customer, "customer" | "state"> & Record<"problem" | "by", string | null>
    >(
      `select customer, key_id, state, problem, attempts,
         case when leased_until > clock_timestamp() then worker end as by
       from keysmith_fleet.customer where fleet = $1 order by customer`,
    );
    return rows.map(({ customer, key_id, state, problem, attempts, by }) => ({
      customer,
      keyId: key_id ?? undefined,
      state,
      problem: problem ?? undefined,
      worker: by ?? undefined,
      unsettled: attempts.flatMap(({ id }) => id ?? []),
    }));
  }

  /** The creates without an answer that are older than this: what came of them is listed by now. */
  async lost(ageMs: number): Promise<{ nonce: string; customer: string }[]> {
    return this.#query(
      `select nonce, customer from keysmith_fleet.lost_create
       where fleet = $1 and at <= clock_timestamp() - $2 * interval '1 ms'`,
      ageMs,
    );
  }

  async settled(nonces: readonly string[]): Promise<void> {
    await this.#query("delete from keysmith_fleet.lost_create where fleet = $1 and nonce = any($2)", nonces);
  }

  async pause(paused: boolean): Promise<void> {
    await this.#query("update keysmith_fleet.fleet set paused = $2 where fleet = $1", paused);
  }

  async isPaused(): Promise<boolean> {
    const [row] = await this.#query<{ paused: boolean }>("select paused from keysmith_fleet.fleet where fleet = $1");
    return row?.paused ?? false;
  }
}

/**
 * How long a lease is in this fleet, on all its machines: what is given, what was given before, or what is usual.
 *
 * @throws RangeError where others are at work with another one
 */
export async function agreedLease(
  database: Database,
  fleet: string,
  given: number | undefined,
  usual: number,
): Promise<number> {
  await database.query("insert into keysmith_fleet.fleet (fleet, lease_ms) values ($1, $2) on conflict do nothing", [
    fleet,
    given ?? usual,
  ]);
  const [row] = await database.query<{ lease_ms: number }>(
    `update keysmith_fleet.fleet set lease_ms = case when exists (
         select from keysmith_fleet.customer where customer.fleet = $1 and leased_until > clock_timestamp()
       ) then lease_ms else coalesce($2, lease_ms) end
     where fleet = $1 returning lease_ms`,
    [fleet, given ?? null],
  );
  const { lease_ms: leaseMs = usual } = row ?? {};
  if (given === undefined || given === leaseMs) return leaseMs;
  throw new RangeError(
    `leaseMs is ${given} here and ${leaseMs} on the machines of ${fleet} that are at work. Give all of them the same.`,
  );
}
