/** What is the caller's own in a rotation: bounded in time, and what it throws holds no plaintext. */
import { BadRequestError } from "../http/errors.js";
import { failure, type CallName } from "../http/failure.js";
import { redact } from "../http/redact.js";
import { within } from "../http/timers.js";
import { isObject } from "../json.js";

/** How long whoever looks on, or takes notes, may hold a rotation up, each time. */
const ASIDE_MS = 5_000;

interface Bounds {
  /** What is called, as its option is. */
  name: string;
  /** How long it may take, in milliseconds. */
  ms: number;
  signal?: AbortSignal | undefined;
  /** Plaintext that what it throws must not hold. */
  secrets: Iterable<string>;
}

/**
 * Calls a function of the caller's, until it settles, its time is up, or the signal aborts.
 *
 * @throws the signal's reason, as it is; else an Error of the same name and words as what was thrown
 */
export async function asked<T>({ name, ms, signal, secrets }: Bounds, work: () => T | Promise<T>): Promise<T> {
  const late = () => Promise.reject(new Error(`${name} has not ended in the time that it has.`));
  try {
    return await within<T>(signal, ms, late, async () => work());
  } catch (error) {
    signal?.throwIfAborted();
    throw cleaned(error, secrets);
  }
}

/**
 * Calls a function of the caller's that does something.
 *
 * @throws as `asked` does, and where what it gives says that it was not done
 */
export function done(bounds: Bounds, work: () => unknown): Promise<void> {
  return asked(bounds, async () => requireDone(bounds.name, await work()));
}

/**
 * `fetch` and other clients do not reject where a server refuses, nor does `spawnSync` where a program fails: what it gives
 * tells. A process that was only started has not done it either.
 *
 * @throws Error
 */
export function requireDone(name: string, given: unknown): void {
  if (given === false) throw new Error(`${name} gave false, which counts as a failure.`);
  if (!isObject(given)) return;
  const { ok, status, statusCode, error, pid } = given;
  const code = [status, statusCode].find((one) => typeof one === "number");
  const isRefused = ok === false || Number(code) >= 400 || (Boolean(error) && typeof error !== "function");
  if (!isRefused && (pid === undefined || code === 0)) return;
  throw new Error(`${name} gave an answer that says it failed${code === undefined ? "" : ` (${String(code)})`}.`);
}

/**
 * What is no number would count as none, or as one that nobody gave.
 *
 * @throws BadRequestError where one of these options is given and is no number of milliseconds
 */
export function requireDurations<Name extends string>(
  call: CallName,
  options: Readonly<Partial<Record<Name, number | undefined>>>,
  ...names: Name[]
): void {
  for (const name of names) {
    const ms: unknown = options[name];
    if (ms === undefined || typeof ms === "number") continue;
    throw failure(BadRequestError, call, `${name} must be a number of milliseconds. Nothing was sent.`);
  }
}

/** @throws BadRequestError where one of these options cannot be called, or one that is needed is not given */
export function requireFunctions<Name extends string>(
  call: CallName,
  options: Readonly<Partial<Record<Name, unknown>>>,
  { needed = [], optional }: { needed?: Name[]; optional: Name[] },
): void {
  const isRight = (name: Name) =>
    typeof options[name] === "function" || (options[name] === undefined && !needed.includes(name));
  for (const name of [...needed, ...optional].filter((one) => !isRight(one))) {
    throw failure(BadRequestError, call, `${name} must be a function. Nothing was sent.`);
  }
}

/** For those who look on or take notes: what they throw, which is given, and whether they end, is theirs. */
export async function quietly(work: () => unknown): Promise<unknown> {
  try {
    await within<unknown>(
      undefined,
      ASIDE_MS,
      () => undefined,
      () => Promise.resolve().then(work),
    );
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The thrown object itself may hold a whole request, with the new key in its body. */
function cleaned(error: unknown, secrets: Iterable<string>): Error {
  const { name, message } =
    error instanceof Error ? error : { name: "Error", message: typeof error === "string" ? error : "it failed" };
  return Object.assign(new Error(redact(message, secrets)), { name: redact(name, secrets) });
}
