/** The fleet's database: PostgreSQL, through a pool of the caller's or one of its own. */
import { sleep } from "../http/timers.js";
import { codeOf, isAbsent, isCollision, isOutage, type Connections, type Embedded, type Pool } from "./connections.js";
import { embedded } from "./embedded.js";
import { loadedPg, poolOf } from "./peers.js";

export interface Database {
  /** Asks until there is an answer: a database that is not there is waited for until the fleet is ended. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Ends the connections, where they are its own. */
  end(): Promise<void>;
}

const LONGEST_PAUSE_MS = 1_000;

const CHANGED = "Somebody has changed the fleet's tables, or another version of keysmith has made them.";
/** What to do about errors of PostgreSQL, by their codes. */
const ADVICE: Record<string, string> = {
  "28P01": "Its URL, or PGPASSWORD, has to hold the password of that user.",
  "3D000": "Make it, or name another one.",
  "25006": "The fleet writes into it: name the primary server, no replica.",
  "42501":
    "The fleet makes its tables at its first use: for that its user needs the right to make a schema. All machines have the same user.",
  "42703": CHANGED,
  // Of a folder of this machine.
  EACCES: "This user has no right to it: name a folder of its own.",
  ENOTDIR: "Name a folder, no file.",
  "42P01": CHANGED,
};

/** The fleet's database has refused what it was asked, or cannot be reached in this way: later, it would do so again. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  /** PostgreSQL's (`42501`) or the system's (`ENOTFOUND`); undefined where there is none. */
  readonly code: string | undefined;

  constructor(cause: unknown) {
    const code = codeOf(cause);
    const said = cause instanceof Error ? cause.message : String(cause);
    // pg names a function of its own there.
    const message = said.replace(
      /^SASL: .*password must be .*/,
      "it asks for a password. Put it into its URL, or into PGPASSWORD",
    );
    super(`The fleet's database: ${message.replace(/\.$/, "")}. ${ADVICE[code] ?? ""}`.trimEnd(), { cause });
    this.code = code || undefined;
  }
}

/**
 * @param where a connection string, a pool, or a server of this machine alone
 * @throws Error that names what to install, where something is missing
 */
export async function connectionsTo(where: string | Pool | Embedded = {}): Promise<Connections> {
  if (typeof where !== "string") {
    return "query" in where ? { pool: where, end: () => Promise.resolve() } : embedded(where.folder);
  }
  if (where === "") throw new TypeError("database is an empty string. Leave it out for an embedded one.");
  const pg = await loadedPg();
  const pool = poolOf(pg, { connectionString: where, connectionTimeoutMillis: 5_000 });
  return { pool, end: () => pool.end() };
}

/**
 * @param signal ends the waiting for a database that is not there
 * @param onOutage told once each time that it is not there
 */
export function databaseOver(
  { pool, end, restart }: Connections,
  signal: AbortSignal | undefined,
  onOutage?: (error: Error) => unknown,
): Database {
  let isAway = false;
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []) => {
      for (let pause = 20; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
        try {
          // Of several statements, there is one result each.
          const results = [await pool.query(text, [...values])].flat();
          isAway = false;
          return results.flatMap(({ rows }) => rows) as Row[];
        } catch (error) {
          if (!isCollision(error)) {
            if (!isOutage(error) && !(restart && isAbsent(error))) throw new DatabaseError(error);
            if (!isAway) onOutage?.(error);
            isAway = true;
            await restart?.();
          }
        }
        await sleep(pause, signal);
      }
    },
    end,
  };
}

/** How many there are, below. */
const TABLES = 5;

/** Makes the fleet's tables where they are not there, in one transaction. Those who do so at once wait for each other. */
export async function prepared(database: Database): Promise<void> {
  // To make what is there already needs the right to make it, too.
  const made = await database.query("select from pg_tables where schemaname = 'keysmith_fleet'");
  if (made.length >= TABLES) return;
  await database.query(`
    select pg_advisory_xact_lock(hashtext('keysmith_fleet'));
    create schema if not exists keysmith_fleet;
    create table if not exists keysmith_fleet.fleet (
      fleet text primary key,
      lease_ms integer not null,
      paused boolean not null default false
    );
    create table if not exists keysmith_fleet.customer (
      fleet text not null,
      customer text not null,
      key_id text,
      stored_at timestamptz,
      state text not null default 'idle',
      problem text,
      failures integer not null default 0,
      worker text,
      owner uuid,
      leased_until timestamptz not null default '-infinity',
      attempts jsonb not null default '[]',
      primary key (fleet, customer)
    );
    create table if not exists keysmith_fleet.lost_create (
      fleet text not null,
      nonce text not null,
      customer text not null,
      at timestamptz not null default clock_timestamp(),
      primary key (fleet, nonce)
    );
    create table if not exists keysmith_fleet.slot (
      fleet text primary key,
      number bigint not null default 0,
      at double precision not null default 0
    );
    create table if not exists keysmith_fleet.secret (
      fleet text not null,
      customer text not null,
      key_id text not null,
      sealed text not null,
      primary key (fleet, customer)
    );
  `);
}
