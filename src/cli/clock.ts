/** What time it is, by the servers that have answered: the clock of this machine may be wrong. */
import type { Clocked } from "../rotation/server-clock.js";
import type { ProviderName } from "../key.js";

type ServerNow = Clocked<ProviderName>["serverNow"];

const clocks: ServerNow[] = [];

/** From now on, this one counts more than those before it. */
export function heed(clock: ServerNow): void {
  clocks.unshift(clock);
}

/** Milliseconds since the epoch. By this machine's clock where no answer has told the time. */
export function now(): number {
  return clocks.map((clock) => clock()).find((time) => time !== undefined) ?? Date.now();
}
