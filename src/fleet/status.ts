/** What a fleet says of itself. */
import type { Customer } from "./customers.js";

export interface CustomerStatus {
  customer: string;
  /** `failed`: too often in a row, so that it waits for the next `rotate`. `doubt`: nobody can tell what its store holds. */
  state: "waiting" | "working" | "failed" | "doubt";
  /** The id of its key, as far as is known. */
  keyId: string | undefined;
  /** What went wrong the last time, and what to do. */
  problem: string | undefined;
  /** Who is at work on it: machine and process. */
  worker: string | undefined;
  /** The ids of keys that were made for it and are neither stored nor revoked, as far as is known. */
  unsettled: string[];
}

export interface FleetStatus {
  paused: boolean;
  customers: number;
  /** How many of them have nothing to be done, wait, are in work, have failed, and are in doubt. */
  idle: number;
  waiting: number;
  working: number;
  failed: number;
  doubt: number;
  /** All but the idle ones. */
  open: CustomerStatus[];
}

export function statusOf(all: readonly Customer[], paused: boolean): FleetStatus {
  const count = (state: string) => all.filter((one) => one.state === state).length;
  return {
    paused,
    customers: all.length,
    idle: count("idle"),
    waiting: count("waiting"),
    working: count("working"),
    failed: count("failed"),
    doubt: count("doubt"),
    open: all.flatMap(({ state, ...one }) => (state === "idle" ? [] : { state, ...one })),
  };
}
