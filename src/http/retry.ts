/** When a request may be sent again, and how long that should wait. Pure. */

const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

const FIRST_WAIT_MS = 500;
const LONGEST_BACKOFF_MS = 8000;

// A longer time is no time at all to setTimeout.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function isRetryableStatus(status: number): boolean {
  return RETRYABLE_STATUS.has(status);
}

/** Exponential, with jitter over its upper half, so that clients which failed together do not come back together. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_BACKOFF_MS);
  return ceiling * (0.5 + random() / 2);
}

/**
 * What `Retry-After` asks for, in milliseconds: seconds, or a date, which is measured by the server's own `Date`.
 * Undefined where it is absent or says neither.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^[+-]?\d+(\.\d+)?$/.test(value)) return Math.max(0, Number(value) * 1000);
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const now = Date.parse(headers.get("date") ?? "");
  return Math.max(0, until - (Number.isNaN(now) ? Date.now() : now));
}

/**
 * Whether the runtime's error code proves that no connection was made, so that nothing was sent. Node's and Deno's codes
 * come from the system call; Bun has names of its own. Without such proof the answer is no.
 */
export function wasNeverConnected(error: unknown): boolean {
  for (let current = error, depth = 0; isObject(current) && depth < 5; current = current["cause"], depth++) {
    const { code, syscall, errors } = current;
    if (syscall === "connect" || syscall === "getaddrinfo") return true;
    if (typeof code === "string" && NEVER_CONNECTED.test(code)) return true;
    if (Array.isArray(errors) && errors.length > 0 && errors.every(wasNeverConnected)) return true;
  }
  return false;
}

const NEVER_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|(DEPTH_ZERO_)?SELF_SIGNED_CERT\w*|CERT_\w+|UNABLE_TO_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Resolves after so many milliseconds, or rejects with the signal's reason as soon as it aborts. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = startTimer(ms, () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

/** `setTimeout` for any duration. Gives what cancels it. */
export function startTimer(ms: number, work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const start = (left: number) => {
    timer = setTimeout(
      left > LONGEST_TIMER_MS
        ? () => {
            start(left - LONGEST_TIMER_MS);
          }
        : work,
      Math.min(left, LONGEST_TIMER_MS),
    );
  };
  start(ms);
  return () => {
    clearTimeout(timer);
  };
}
