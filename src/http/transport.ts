/**
 * What lies beneath openapi-fetch, as the `fetch` that it calls: credential, timeout, retries, redirects, bounds, events.
 * Gives a response whose body is read and, where it is a success, known to be JSON. Throws where there is none.
 */
import type { ProviderName } from "../key.js";
import type { Credential, KeysmithEvent } from "../options.js";
import {
  ConfigurationError,
  ConnectionError,
  failure,
  InvalidResponseError,
  isKeysmithError,
  TimeoutError,
} from "./errors.js";
import { redact } from "./redact.js";
import { backoffMs, isRetryableStatus, retryAfterMs, sleep, startTimer, wasNeverConnected } from "./retry.js";

/** What a spec says of an operation, as its generated client has it. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly idempotent: boolean;
  readonly secrets?: {
    readonly parameters?: readonly string[];
    readonly request?: readonly string[];
    readonly response?: readonly string[];
  };
  readonly pagination?:
    | { readonly style: "offset"; readonly offsetParam: string; readonly items: string }
    | {
        readonly style: "cursor";
        readonly cursorParam: string;
        readonly nextCursor: string;
        readonly items: string;
      };
}

/** What a client was made with, checked, with its defaults. */
export interface Settings {
  readonly credential: Credential;
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  readonly maxRetryWaitMs: number;
  readonly onEvent: ((event: KeysmithEvent) => unknown) | undefined;
  /** How far the server's clock is ahead of ours, by its latest answer. */
  clockSkewMs: number;
}

/** One call on its way: what it may do, and what may have become of it. */
export interface Call {
  readonly provider: ProviderName;
  /** The operationId. */
  readonly id: string;
  readonly operation: Operation;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly maxBodyBytes: number;
  /** Plaintext that must not stand in an error or event. The credentials that are used are added. */
  readonly secrets: string[];
  /** How many attempts may have had an effect that no answer told of. */
  doubts: number;
}

export interface OutgoingRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

export async function send(
  settings: Settings,
  call: Call,
  { url, method, headers, body }: OutgoingRequest,
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const emit = (type: KeysmithEvent["type"], more: Partial<KeysmithEvent> = {}) =>
      notify(settings, { type, provider: call.provider, operation: call.id, attempt, ...more });
    const shown = (all: Headers) => settings.onEvent && redactedHeaders(all, call.secrets);
    const begun = performance.now();
    let response: Response | undefined;
    let failed: unknown;
    let certain = false;
    try {
      response = await withinBounds(call, async (signal) => {
        headers.set("authorization", `Bearer ${await plaintextOf(settings, call)}`);
        // Whoever gave the credential may have taken longer than the attempt was allowed to.
        signal.throwIfAborted();
        emit("request", { headers: shown(headers) });
        call.doubts++;
        const init: RequestInit = { method, headers, redirect: "manual", signal };
        if (body !== undefined) init.body = body;
        return read(settings, call, await settings.fetch(url, init));
      });
    } catch (error) {
      call.signal?.throwIfAborted();
      certain = wasNeverConnected(error);
      failed = isKeysmithError(error) ? error : connectionError(call, error);
      if (isKeysmithError(failed) && failed.kind === "configuration") throw failed;
    }
    const status = response?.status ?? (isKeysmithError(failed) ? failed.status : undefined);
    emit("response", {
      status,
      durationMs: performance.now() - begun,
      headers: response && shown(response.headers),
    });

    // The server refused it, so nothing has changed there. 408 is what a proxy says that gave up waiting.
    if (status !== undefined) certain = status >= 400 && status < 500 && status !== 408;
    if (certain) call.doubts--;
    const retryable = response ? isRetryableStatus(response.status) : isKeysmithError(failed) && failed.retryable;
    const wait = (response && retryAfterMs(response.headers)) ?? backoffMs(attempt);
    if (
      !retryable ||
      !(certain || call.operation.idempotent) ||
      attempt > call.maxRetries ||
      wait > settings.maxRetryWaitMs
    ) {
      if (response) return response;
      throw failed;
    }
    emit("retry", { status });
    emit("wait", { durationMs: wait });
    await sleep(wait, call.signal);
  }
}

/** Runs an attempt until it ends, its time is up, or the caller aborts: then at once, whatever the attempt does. */
function withinBounds<T>(call: Call, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, timeoutMs } = call;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const release = () => {
      cancelTimer();
      signal?.removeEventListener("abort", abort);
    };
    const fail = (error: unknown) => {
      release();
      reject(error);
      controller.abort();
    };
    const abort = () => fail(signal?.reason);
    const cancelTimer = startTimer(timeoutMs, () =>
      fail(failure(TimeoutError, call, `no whole answer within ${timeoutMs} ms.`, { retryable: true })),
    );
    signal?.addEventListener("abort", abort);
    attempt(controller.signal).then((value) => {
      release();
      resolve(value);
    }, fail);
  });
}

/** Reads a body, so that what comes later cannot fail, and checks what every success has to be. */
async function read(settings: Settings, call: Call, response: Response): Promise<Response> {
  const { status, headers } = response;
  const invalid = (problem: string) =>
    failure(InvalidResponseError, call, `${problem} Check the base URL and what stands between.`, { status });
  if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
    throw invalid(`answered with a redirect (${status}), which is never followed.`);
  }
  const date = Date.parse(headers.get("date") ?? "");
  if (!Number.isNaN(date)) settings.clockSkewMs = date - Date.now();
  // Of an error, the status says enough.
  const text = (await textWithin(response, call.maxBodyBytes)) ?? (response.ok ? undefined : "");
  if (text === undefined) {
    throw invalid(`the body (status ${status}) is larger than ${call.maxBodyBytes} bytes.`);
  }
  let json: unknown;
  try {
    json = text === "" ? undefined : JSON.parse(text);
  } catch {
    if (response.ok) throw invalid(`the body (status ${status}) is not JSON.`);
  }
  // The response is handed on as it is; only its body comes from here. A new one would cost as much as the rest.
  return Object.assign(response, {
    text: () => Promise.resolve(text),
    json: () => Promise.resolve(json),
  });
}

/** The body as text; undefined where it is larger than `limit` bytes, once decompressed. */
async function textWithin(response: Response, limit: number): Promise<string | undefined> {
  const length = response.headers.get("content-length");
  const exact = length !== null && !response.headers.get("content-encoding");
  if (exact && Number(length) > limit) return undefined;
  if (!response.body || (exact && Number(length) <= limit)) return response.text();
  const decoder = new TextDecoder();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let text = "";
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > limit) return undefined;
    text += decoder.decode(value, { stream: true });
  }
}

export const NOT_HEADER_SAFE =
  "the credential is empty, or holds a space, a line break or another character that no key has.";

/** Checked before the runtime does: its error would quote the credential. */
export function isHeaderSafe(credential: string): boolean {
  return /^[\x21-\x7e]+$/.test(credential);
}

async function plaintextOf(settings: Settings, call: Call): Promise<string> {
  const { credential } = settings;
  let given: unknown = credential;
  try {
    if (typeof credential === "function") given = await credential();
  } catch (error) {
    throw failure(ConfigurationError, call, "the function given as apiKey failed; see the cause.", { cause: error });
  }
  const value =
    typeof given === "object" && given !== null && "reveal" in given
      ? (given as { reveal: () => unknown }).reveal()
      : given;
  if (typeof value !== "string" || !isHeaderSafe(value)) throw failure(ConfigurationError, call, NOT_HEADER_SAFE);
  if (!call.secrets.includes(value)) call.secrets.push(value);
  return value;
}

function connectionError(call: Call, error: unknown): ConnectionError {
  const parts: string[] = [];
  let code: unknown;
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth++) {
    if (current.message) parts.push(current.message);
    if ("code" in current) code ??= current.code;
    current = current.cause;
  }
  const what = redact([...new Set(parts)].join(": ") || "the request failed", call.secrets);
  // Not the runtime's own error: it may hold the request, and so the credential.
  const cause = Object.assign(new Error(what), typeof code === "string" ? { code: redact(code, call.secrets) } : {});
  return failure(ConnectionError, call, `${what}.`, { retryable: true, cause });
}

function redactedHeaders(headers: Headers, secrets: readonly string[]): Record<string, string> {
  const sensitive = /auth|cookie|key|token|secret|session/i;
  return Object.fromEntries(
    [...headers].map(([name, value]) => [name, sensitive.test(name) ? "[secret]" : redact(value, secrets)]),
  );
}

/** Whoever listens cannot break what they listen to. */
function notify(settings: Settings, event: KeysmithEvent): void {
  try {
    Promise.resolve(settings.onEvent?.(event)).catch(() => undefined);
  } catch {
    // Nor by throwing.
  }
}
