/** Which process it is, told so that another one can find out whether it still runs. */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { isObject } from "../json.js";
import { isSystemError } from "./system-errors.js";

export interface ProcessIdentity {
  /** Where its number counts: a host since it was started, and the processes that see each other there. */
  machine: string;
  pid: number;
  /** When it began, in the system's own words; null where that cannot be told. Numbers are given again. */
  started: string | null;
}

/** Of what was read from a file. */
export function isIdentity(value: unknown): value is ProcessIdentity {
  if (!isObject(value)) return false;
  const { machine, pid, started } = value;
  return typeof machine === "string" && Number.isSafeInteger(pid) && (started === null || typeof started === "string");
}

export function ownIdentity(): ProcessIdentity {
  return { machine: machine(), pid: process.pid, started: startOf(process.pid) ?? null };
}

/** Whether that process still runs; undefined where nothing here can tell. */
export function runs({ machine: place, pid, started }: ProcessIdentity): boolean | undefined {
  if (place !== machine()) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Of another user, it is there all the same.
    if (!isSystemError(error, "EPERM")) return false;
  }
  const now = started === null ? undefined : startOf(pid);
  return now === undefined ? undefined : now === started;
}

function machine(): string {
  return [
    hostname(),
    inProc(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    inProc(() => readlinkSync("/proc/self/ns/pid")),
  ].join(" ");
}

/** Clock ticks since the system was started; empty for what has ended; undefined where no /proc tells (hidepid). */
function startOf(pid: number): string | undefined {
  const stat = inProc(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The name stands in parentheses and may hold some. The 3rd field is the state, the 22nd the start.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  return state === "Z" || state === "X" ? "" : fields[19];
}

function inProc(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
