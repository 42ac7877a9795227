/** What comes of a request that a schedule has a fault for, and of one that it has none for. */
import type { Answer } from "../../src/sandbox/provider.js";
import type { FaultKind } from "./schedule.js";

export interface Fate {
  /** After how many milliseconds the request has its effect, besides what its way takes. Absent: never. */
  effectMs?: number;
  /** What comes back then: a status instead of the answer, what Node's fetch rejects with, or nothing. */
  back: "the answer" | number | Error | undefined;
}

const LATE_MS = 40_000;

const fates: Record<FaultKind, Fate> = {
  "is refused": { back: fetchFailed("ECONNREFUSED", "connect") },
  "is lost before": { back: fetchFailed("ECONNRESET", "read") },
  "is lost after": { effectMs: 0, back: fetchFailed("ECONNRESET", "read") },
  "is answered 429": { back: 429 },
  "is answered 503": { back: 503 },
  "is done and answered 503": { effectMs: 0, back: 503 },
  "hangs before": { back: undefined },
  "hangs after": { effectMs: 0, back: undefined },
  "arrives late": { effectMs: LATE_MS, back: undefined },
};

export function fateOf(fault: FaultKind | undefined): Fate {
  return fault === undefined ? { effectMs: 0, back: "the answer" } : fates[fault];
}

/** Whether it is certain that nothing was done: a connection that was never made, or a refusal. */
export function isHarmless(fault: FaultKind | undefined): boolean {
  return fault === "is refused" || fault === "is answered 429";
}

/** Its body is a text in one piece, as some runtimes give it: a stream costs more than all that is done with it. */
export function responseOf({ status, headers, body }: Answer, now: number): Response {
  const response = new Response(null, { status, headers: { ...headers, date: new Date(now).toUTCString() } });
  response.text = () => Promise.resolve(body ?? "");
  return response;
}

function fetchFailed(code: string, syscall: string): TypeError {
  const cause = Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
  return new TypeError("fetch failed", { cause });
}
