import type { Answer } from "./provider.js";
import { apiOf } from "../registry.js";
import type { Operation, ProviderName } from "./routes.js";

/**
 * What goes wrong, and with which operation. Requests meet the faults in the order in which these were given: the first
 * that fits is used, `times` times.
 */
export type Fault = FaultKind & {
  /** `"*"`: whatever is asked for, unknown paths included. */
  operation: Operation | "*";
  /** How many requests meet it. 1 unless given; `Infinity` for all. */
  times?: number | undefined;
};

export type FaultKind =
  | {
      /** The provider's own error for this status, 400 to 599. Nothing is done. */
      kind: "status";
      status: number;
      /** The Retry-After header: seconds, or a date. */
      retryAfter?: string | number | undefined;
    }
  /** The connection ends without an answer, before or after the effect. */
  | { kind: "lost"; when: "before" | "after" }
  /** The connection was never made; the request is not in the log. */
  | { kind: "refused" }
  /** No answer until the caller aborts. Before the effect unless said otherwise. */
  | { kind: "hang"; when?: "before" | "after" | undefined }
  /** What was asked for is done and answered, but the body breaks off, is no JSON, is a web page, or is missing. */
  | { kind: "truncated" | "garbage" | "html" | "empty" }
  /** 307, which asks to send the same again, to there. Nothing is done. */
  | { kind: "redirect"; location: string };

/** More are a mistake, or memory that somebody wants to fill. */
const MAX_WAITING = 10_000;

export class Faults {
  readonly #waiting: { fault: Fault; left: number }[] = [];
  readonly #operations: ReadonlySet<string>;

  /** @param names of the providers that may fail */
  constructor(names: readonly ProviderName[]) {
    this.#operations = new Set(
      names.flatMap((name) => Object.keys(apiOf(name).operations).map((operation) => `${name}.${operation}`)),
    );
  }

  /** @throws RangeError for a fault that could never happen. */
  add(fault: Fault): void {
    const { operation, times = 1 } = fault;
    if (operation !== "*" && !this.#operations.has(operation)) {
      throw new RangeError(`There is no operation ${operation}: ${[...this.#operations].join(", ")}`);
    }
    if (!(times >= 1)) throw new RangeError(`times is ${times}: give 1 or more`);
    if (fault.kind === "status" && !(fault.status >= 400 && fault.status <= 599)) {
      throw new RangeError(`status is ${fault.status}: give one from 400 to 599`);
    }
    if (this.#waiting.length >= MAX_WAITING) throw new RangeError(`${MAX_WAITING} faults are waiting already`);
    this.#waiting.push({ fault, left: times });
  }

  /** The fault that this request meets, which has then happened once. */
  take(provider: ProviderName, operation: string | undefined): Fault | undefined {
    const at = this.#waiting.findIndex(
      ({ fault }) => fault.operation === "*" || fault.operation === `${provider}.${String(operation)}`,
    );
    const found = this.#waiting[at];
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left < 1) this.#waiting.splice(at, 1);
    return found.fault;
  }
}

interface Exchange {
  /** Does what was asked for. */
  answer: () => Answer;
  /** The provider's own error. */
  error: (status: number) => Answer;
  signal: AbortSignal | null | undefined;
}

/** Answers a request, with what the fault makes of it. */
export async function respond(fault: FaultKind | undefined, { answer, error, signal }: Exchange): Promise<Response> {
  switch (fault?.kind) {
    case undefined:
      return responseOf(answer());
    case "status": {
      const { headers, ...rest } = error(fault.status);
      const { retryAfter } = fault;
      const retry = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
      return responseOf({ ...rest, headers: { ...headers, ...retry } });
    }
    case "redirect":
      return responseOf({ status: 307, headers: { location: fault.location }, body: null });
    case "refused":
      throw fetchFailed("connect ECONNREFUSED", { code: "ECONNREFUSED", syscall: "connect" });
    case "lost":
      if (fault.when === "after") answer();
      throw fetchFailed("read ECONNRESET", { code: "ECONNRESET", syscall: "read" });
    case "hang":
      if (fault.when === "after") answer();
      return unlessAborted(signal, new Promise<never>(() => undefined));
    case "truncated":
      return truncated(answer());
    case "garbage":
      return responseOf({ ...answer(), body: '}{"no JSON' });
    case "html": {
      const { status, headers } = answer();
      const page = "<!doctype html><title>One moment</title><h1>One moment, please</h1>";
      return responseOf({
        status,
        headers: { ...headers, "content-type": "text/html; charset=utf-8" },
        body: page,
      });
    }
    case "empty":
      return responseOf({ ...answer(), body: "" });
  }
}

function responseOf({ status, headers, body }: Answer): Response {
  const bytes = body === null ? null : new TextEncoder().encode(body);
  return new Response(bytes, {
    status,
    headers: { ...headers, "content-length": String(bytes?.length ?? 0) },
  });
}

/** Announces the whole body, sends half of it, and fails as the runtime's `fetch` does when the connection ends then. */
function truncated({ status, headers, body }: Answer): Response {
  const bytes = new TextEncoder().encode(body ?? "");
  const half = bytes.subarray(0, bytes.length / 2);
  let sent = half.length === 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (sent) controller.error(new TypeError("terminated"));
        else controller.enqueue(half);
        sent = true;
      },
    },
    { highWaterMark: 0 },
  );
  const announced = String(Math.max(bytes.length, 1));
  return new Response(stream, { status, headers: { ...headers, "content-length": announced } });
}

/** As Node's `fetch` fails: the connection's error is the cause. */
export function fetchFailed(message: string, details: Record<string, string> = {}): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), details) });
}

/** What the promise gives, or the signal's reason as soon as it aborts. Leaves no listener behind. */
export async function unlessAborted<T>(signal: AbortSignal | null | undefined, promise: Promise<T>): Promise<T> {
  if (!signal) return promise;
  signal.throwIfAborted();
  let abort: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => (abort = resolve));
  signal.addEventListener("abort", abort);
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
  signal.throwIfAborted();
  return promise;
}
