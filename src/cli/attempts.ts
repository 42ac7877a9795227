/** What happens beneath the calls of a command, told while it happens. */
import type { ClientOptions, KeysmithEvent } from "../index.js";
import { duration } from "./durations.js";
import { UsageError } from "./errors.js";
import type { Options } from "./options.js";
import { note } from "./show/output.js";

/** How long a person looks at nothing before being told what is waited for. */
const PATIENCE_MS = 5_000;

/** What the options say of attempts, for the client that makes them. @throws UsageError */
export function attempts({ timeout, retries, allowInsecure, verbose }: Options): ClientOptions {
  if (retries !== undefined && !/^\d{1,2}$/.test(retries)) {
    throw new UsageError(`--retries is ${JSON.stringify(retries)}: give a whole number from 0 to 99.`);
  }
  const onEvent = verbose ? toldAlways : process.stderr.isTTY ? toldWhereItTakesLong() : undefined;
  return {
    ...(timeout !== undefined && { timeoutMs: duration("--timeout", timeout) }),
    ...(retries !== undefined && { maxRetries: Number(retries) }),
    ...(allowInsecure && { allowInsecure }),
    ...(onEvent && { onEvent }),
  };
}

function toldAlways(event: KeysmithEvent): void {
  const { type, provider, operation, method, path, attempt, status, durationMs = 0, reason = "" } = event;
  const call = `${provider} ${operation}`;
  if (type === "request") note(`${call}: attempt ${attempt}, ${method} ${path}`);
  if (type === "response") note(`${call}: ${status ?? "no answer"} after ${Math.round(durationMs)} ms`);
  if (type === "wait") note(`${call}: ${waits(durationMs)} (${reason.replace(`${call}: `, "")})`);
}

/** A person at a terminal is told what is waited for, once it takes long. */
function toldWhereItTakesLong(): (event: KeysmithEvent) => void {
  const waiting = new Map<string, NodeJS.Timeout>();
  return ({ type, provider, operation, durationMs = 0 }) => {
    const call = `${provider} ${operation}`;
    // Calls of one operation side by side are waited for as one.
    clearTimeout(waiting.get(call));
    if (type === "request") {
      waiting.set(call, setTimeout(() => note(`${call}: still waiting for an answer …`), PATIENCE_MS).unref());
    }
    if (type === "wait" && durationMs >= PATIENCE_MS) note(`${call}: ${waits(durationMs)}`);
  };
}

function waits(ms: number): string {
  return `tried again in ${ms < 10_000 ? `${Math.ceil(ms / 100) / 10}` : Math.ceil(ms / 1000)} s`;
}
