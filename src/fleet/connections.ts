/** Connections to a database, and what they say where it is not there. */

/** What is used of a pool of `pg`. */
export interface Pool {
  query(text: string, values?: unknown[]): Promise<{ rows: object[] }>;
}

/** A PostgreSQL of this machine alone, of which npm ships the programs. */
export interface Embedded {
  /** Where its data is. `keysmith/fleet` in XDG_STATE_HOME, or in `~/.local/state`, unless given. */
  folder?: string | undefined;
}

export interface Connections {
  pool: Pool;
  end: () => Promise<void>;
  /** Sees that the server runs, where it is this machine's own. */
  restart?: () => Promise<void>;
}

/**
 * Whether the database is not there, so that whoever asks again later gets an answer. What was asked may have been done: all
 * that is asked here may be asked twice.
 */
export function isOutage(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  // Class 08: connection exceptions; 57P01 to 57P03: it shuts down, has crashed, or starts; 57P05: it ends connections that
  // are idle; 53300: too many connections.
  if (/^(08|57P0[1235]$|53300$|ECONN|EPIPE|ETIMEDOUT)/.test(codeOf(error))) return true;
  return /^(Connection terminated|timeout (exceeded|expired)|Query read timeout)/.test(error.message);
}

/** Whether a transaction was undone since it met another one, which it does not when it is tried again. */
export function isCollision(error: unknown): boolean {
  return ["40001", "40P01"].includes(codeOf(error));
}

/** Whether nothing listens there: on a socket, none may be there. */
export function isAbsent(error: unknown): error is Error {
  return error instanceof Error && ["ENOENT", "ECONNREFUSED"].includes(codeOf(error));
}

/** Of PostgreSQL or the system; empty where there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
