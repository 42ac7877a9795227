/** The cells of the matrix: one operation that meets one fault, what comes of it, and what is wrong with that. */
import * as keysmith from "../../src/index.js";
import type { ClientOptions, KeysmithEvent } from "../../src/index.js";
import { faults, type Fault } from "./faults.js";
import { CREDENTIAL } from "./operation.js";
import { fails, KINDS, succeeds, type Outcome } from "./outcomes.js";
import { shown, shownIn } from "../helpers/shown.js";
import { pathOf, type Origins, type Seen } from "./server.js";
import { lookOf, Progress, targets, type Mode, type Target } from "./targets.js";

export interface Cell {
  fault: Fault;
  target: Target;
  mode: Mode;
}

/** Of a flood that is refused, no more bytes are taken: the default limit, and what buffers hold. */
const LARGEST_FLOOD = 25_000_000;

export function outcomeOf(fault: Fault, { asks }: Target): Outcome {
  const outcome = fault.but?.[asks.name] ?? fault.want[asks.kind];
  return outcome.cause && asks.doubt ? { ...outcome, error: asks.doubt } : outcome;
}

/** The cells of a row. In every run, of each class of operations only some meet a fault that passes, or a heavy one. */
export function cellsOf(fault: Fault, tier: "every run" | "slow"): Cell[] {
  return targets.flatMap((target) => {
    if (tier === "every run" && target.operation.slow) return [];
    const all = tier === "slow" || represents(target, fault);
    const modes: Mode[] = all || !fault.heavy ? ["always"] : [];
    if (all && outcomeOf(fault, target).attempts > 1) {
      modes.push("once");
      if (target.asks.kind === "revoke") modes.push("once, then 404");
    }
    return modes.map((mode) => ({ fault, target, mode }));
  });
}

// The last of each class that is quite like it.
const representatives = new Map(
  targets.filter(({ operation: { slow, doubt } }) => !slow && !doubt).map((target) => [target.operation.kind, target]),
);

/** Whether it stands for its class, or is unlike it. */
export function represents(target: Target, fault: Fault): boolean {
  const { kind, name } = target.operation;
  return (
    representatives.get(kind) === target ||
    (target.phase === "own" && target.before > 0) ||
    fault.but?.[name] !== undefined
  );
}

/** What is expected of a cell, with so many retries. */
export interface Expected extends Omit<Outcome, "attempts"> {
  attempts: number;
  /** How many requests reach the server, those of other phases included. */
  requests: number;
  /** How many requests look for what explains a refusal. */
  explaining: number;
}

export function expectedOf({ fault, target, mode }: Cell, maxRetries = 2): Expected {
  const lasting = outcomeOf(fault, target);
  const outcome =
    mode === "always"
      ? { ...lasting, attempts: Math.min(lasting.attempts, maxRetries + 1) }
      : { ...afterOnce(fault, target, mode), attempts: 2 };
  const { attempts, error = "" } = outcome;
  const { looks } = target.operation;
  const looksOn = fault.worded && looks?.onRefusal?.includes(error);
  const explaining = looksOn ? (lookOf(target.operation)?.lastPage ? 2 : 1) : 0;
  const astray = typeof fault.does === "function" ? 0 : mode === "always" ? attempts : 1;
  const requests = target.before + attempts - astray + (error ? explaining : target.after);
  return { ...outcome, requests, explaining };
}

function afterOnce({ certain }: Fault, { asks }: Target, mode: Mode): Outcome {
  if (mode === "once") return succeeds;
  return certain ? fails("NotFoundError") : asks.noAbsence ? fails("InvalidResponseError") : succeeds;
}

/** How the time passes for a client. */
export interface Time {
  /** For an attempt of this call. */
  timeoutMs: (serial: number) => number;
  /** Told of the wait that is about to begin. */
  waits: (ms: number) => void;
}

export interface Observed {
  failed: boolean;
  /** What it gave, or what it threw. */
  value: unknown;
  events: KeysmithEvent[];
}

/** Makes one call. `serial` is its own. */
export async function observe(
  { fault, target, mode }: Cell,
  serial: number,
  origins: Origins,
  time: Time,
  maxRetries = 2,
): Promise<Observed> {
  const events: KeysmithEvent[] = [];
  const path = pathOf(serial, faults.indexOf(fault), target, mode);
  const options: ClientOptions = {
    apiKey: CREDENTIAL,
    baseUrl: origins.served + path,
    timeoutMs: time.timeoutMs(serial),
    maxRetries,
    maxBodyBytes: fault.maxBodyBytes,
    onEvent: (event) => {
      events.push(event);
      if (event.type === "wait") time.waits(event.durationMs ?? 0);
    },
  };
  if (typeof fault.does === "string") {
    const bad = origins[fault.does];
    const progress = new Progress(target, mode);
    options.allowInsecure = true;
    if (mode === "always" && target.before === 0) options.baseUrl = bad + path;
    else {
      // Only the request that meets the fault goes there.
      options.fetch = async (url, init) => {
        const meets = progress.meets(init.method ?? "", url);
        const response = await fetch(meets === "fault" ? url.replace(origins.served, bad) : url, init);
        progress.done ||= init.method !== "GET";
        return response;
      };
    }
  }
  try {
    return { failed: false, value: await target.operation.call(options), events };
  } catch (error) {
    return { failed: true, value: error, events };
  }
}

/** Undefined where there is none, or not all of it. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * What is not as expected.
 *
 * @param seen what the server knows of the call, for whoever can ask it
 */
export function problemsOf(cell: Cell, { failed, value, events }: Observed, seen?: Seen, maxRetries = 2): string[] {
  const want = expectedOf(cell, maxRetries);
  const { fault, target, mode } = cell;
  const { operation, asks } = target;
  const problems: string[] = [];
  const compare = (what: string, got: unknown, wanted: unknown) => {
    if (got !== wanted) problems.push(`${what}: ${String(got)} instead of ${String(wanted)}`);
  };

  const cause = keysmith.isKeysmithError(value) && keysmith.isKeysmithError(value.cause) ? value.cause : value;
  const lastly = fault.endless && nameOf(cause) === "TimeoutError" ? "TimeoutError" : (want.cause ?? want.error);
  // Whether the secret has come when the time is up, the machine decides.
  const { doubt = "CreateOutcomeUnknownError" } = asks;
  const undelivered = fault.endless === "always" && !want.error && nameOf(value) === doubt;
  const error = undelivered ? doubt : want.cause ? want.error : lastly;
  compare("it ends with", failed ? nameOf(value) : "success", error ?? "success");
  if (error && keysmith.isKeysmithError(value) && keysmith.isKeysmithError(cause)) {
    compare("the cause", nameOf(cause), lastly);
    compare("an instance of its class", value instanceof keysmith[error], true);
    compare("the kind", value.kind, KINDS[error]);
    compare("the provider", value.provider, operation.name.split(".")[0]);
    compare("the operation", value.operation, asks.operationId);
    compare("retryable", value.retryable, want.retryable);
    if (mode === "always") {
      if (fault.status) compare("the status", value.status, fault.status);
      compare("the wait that the server asks for", cause.retryAfterMs, fault.retryAfterMs);
    }
  }

  const attempts = target.before + want.attempts + (want.error ? want.explaining : target.after);
  compare("attempts", events.filter(({ type }) => type === "request").length, attempts);
  const waits = events.filter(({ type }) => type === "wait").map(({ durationMs = NaN }) => durationMs);
  compare("waits", waits.length, want.attempts - 1);
  for (const [index, ms] of waits.entries()) {
    const ceiling = 500 * 2 ** index;
    const backoff = ms >= ceiling / 2 && ms <= ceiling;
    if (fault.waitMs === undefined ? !backoff : ms !== fault.waitMs) problems.push(`a wait of ${ms} ms`);
  }

  const secrets = [...operation.sent, ...operation.unsent];
  for (const secret of shownIn(shown(value).join("\n"), secrets)) problems.push(`shows ${secret}`);
  for (const secret of shownIn(JSON.stringify(events), secrets)) problems.push(`its events show ${secret}`);
  if (!seen) return problems;

  compare("requests at the server", seen.requests, want.requests);
  if (!failed && !want.error) {
    compare("the result is what the server said", operation.says(value, jsonOf(seen.answered)), true);
  }
  if (want.error && seen.flood > LARGEST_FLOOD * seen.requests) problems.push(`${seen.flood} bytes were taken`);
  const { inUrl = [] } = operation;
  for (const secret of shownIn(
    seen.paths.join("\n"),
    secrets.filter((one) => !inUrl.includes(one)),
  ))
    problems.push(`its URL shows ${secret}`);
  return problems;
}

function nameOf(value: unknown): string {
  return value instanceof Error ? (value instanceof keysmith.KeysmithError ? value.name : String(value)) : typeof value;
}
