/**
 * What lies beneath every call: credential, timeout, retries, redirects, bounds, events.
 * Gives a response whose body is read and, where it is a success, known to be JSON. Throws where there is none.
 */
import type { Api, OperationSpec } from "../api.js";
import { at, parsed, takeOut } from "../json.js";
import type { ProviderName } from "../key.js";
import type { KeysmithEvent } from "../options.js";
import type { Limits, Settings } from "../settings.js";
import type { AbortSignal } from "../web.js";
import { Body, completed } from "./body.js";
import { headerOf, plaintextOf } from "./credential.js";
import {
  ConnectionError,
  InvalidResponseError,
  isKeysmithError,
  TimeoutError,
  type AnyKeysmithError,
} from "./errors.js";
import { checkBaseUrl, failure } from "./failure.js";
import { redact, type KnownSecrets } from "./redact.js";
import { backoffMs, isRetryableStatus, retryAfterMs, wasNeverConnected } from "./retry.js";
import { sleep, within } from "./timers.js";

/** One call on its way: what it may do, and what may have become of it. */
export interface Call extends Limits {
  readonly settings: Settings;
  readonly provider: ProviderName;
  /** The operationId. */
  readonly operation: string;
  /** Tells it from the others of this process. */
  readonly number: number;
  /** What the spec says of it. */
  readonly spec: OperationSpec;
  readonly signal: AbortSignal | undefined;
  /** Plaintext that must not stand in an error or event. The credentials that are used are added. */
  readonly secrets: KnownSecrets;
  /** The credential of the latest attempt. */
  credential: string | undefined;
  /** How many attempts may have had an effect that no answer told of. */
  doubts: number;
  /** The body of the last answer. */
  text: string | undefined;
  /** What it says: its JSON, or of an error that is none, its text. Undefined where it is empty. */
  body: unknown;
  /** The body that is being read, of a success. */
  received: Body | undefined;
  /** Whether there is no such key any more, which an attempt without an answer may have revoked. */
  gone: boolean;
  /** How long the last answer asked to wait. */
  retryAfterMs: number | undefined;
}

export interface OutgoingRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

export async function send(call: Call, request: OutgoingRequest): Promise<Response> {
  const { settings, provider, operation, signal } = call;
  const { onEvent, beforeAttempt } = settings.options;
  for (let attempt = 1; ; attempt++) {
    const emit: Emit = (type, told, headers) => {
      if (!onEvent) return;
      const { method, path } = call.spec;
      const shown = headers && redactedHeaders(headers, settings.api.auth, call.secrets);
      const event: KeysmithEvent = {
        type,
        provider,
        operation,
        method,
        path,
        call: call.number,
        attempt,
        ...told,
        headers: shown,
      };
      // Whoever listens cannot break what they listen to, be it by throwing or by rejecting.
      new Promise((resolve) => resolve(onEvent(event))).catch(() => undefined);
    };
    if (beforeAttempt) {
      const since = performance.now();
      // Whoever waits there need not look at the signal.
      await within(
        signal,
        Infinity,
        () => undefined,
        async () => beforeAttempt(signal),
      );
      emit("waited", { durationMs: performance.now() - since });
    }
    const begun = performance.now();
    let answer: Response | AnyKeysmithError;
    let certain = false;
    try {
      answer = await attemptOnce(call, request, emit);
    } catch (error) {
      signal?.throwIfAborted();
      certain = wasNeverConnected(error);
      answer = isKeysmithError(error) ? error : connectionError(call, error);
      if (answer.kind === "configuration") throw answer;
    }
    const { status } = answer;
    const [reason, received] = isKeysmithError(answer) ? [answer.message] : [String(status), answer.headers];
    emit("response", { status, durationMs: performance.now() - begun }, received);

    // The server refused it, so nothing has changed there. 408 is what a proxy says that gave up waiting.
    if (status !== undefined) certain = status >= 400 && status < 500 && status !== 408;
    if (certain) call.doubts--;
    const wait = call.retryAfterMs ?? backoffMs(attempt);
    const retryable =
      (isKeysmithError(answer) ? answer.retryable : isRetryableStatus(answer.status)) &&
      (certain || call.spec.idempotent);
    if (!retryable || attempt > call.maxRetries || wait > call.maxRetryWaitMs) {
      if (isKeysmithError(answer)) throw Object.assign(answer, { retryable });
      return answer;
    }
    emit("retry", { status, reason });
    emit("wait", { durationMs: wait, reason });
    await sleep(wait, signal);
  }
}

type Emit = (
  type: KeysmithEvent["type"],
  told?: Pick<KeysmithEvent, "status" | "durationMs" | "reason">,
  headers?: Headers,
) => void;

/** Sends the request and reads the answer, in the time that an attempt has. */
function attemptOnce(call: Call, { url, method, headers, body }: OutgoingRequest, emit: Emit): Promise<Response> {
  const { settings } = call;
  let answer: Response | undefined;
  const late = () => {
    if (!answer || !rescued(call)) {
      const problem = `no whole answer within ${call.timeoutMs} ms.`;
      return Promise.reject(failure(TimeoutError, call, problem, { retryable: true }));
    }
    call.received?.cancel();
    return answer;
  };
  return within<Response>(call.signal, call.timeoutMs, late, async (signal) => {
    for (const [index, sent] of settings.credentials.entries()) {
      const plaintext = await plaintextOf(call, sent);
      // Of `user:password`, the password alone is a secret, too.
      for (const secret of sent.basic ? [plaintext, plaintext.replace(/^.*?:/, "")] : [plaintext])
        call.secrets.add(secret);
      if (index === 0) call.credential = plaintext;
      headers.set(sent.header, headerOf(sent, plaintext));
    }
    // Whoever gave the credential may have taken longer than the attempt was allowed to.
    signal.throwIfAborted();
    emit("request", undefined, headers);
    call.doubts++;
    call.retryAfterMs = undefined;
    call.received = undefined;
    answer = await settings.fetch(url, { method, headers, body: body ?? null, redirect: "manual", signal });
    return read(call, answer);
  });
}

/** Reads a body, so that what comes later cannot fail, and checks what every success has to be. */
async function read(call: Call, response: Response): Promise<Response> {
  const { status, headers, ok } = response;
  const invalid = (problem: string) =>
    failure(InvalidResponseError, call, `${status}, ${problem}: ${checkBaseUrl(call)}.`, { status });
  // A runtime that hides where a redirect leads hides its status, too: it is 0.
  if (!ok && status < 400) throw invalid("a redirect, which is never followed");
  const now = Date.now();
  const skewMs = Date.parse(headers.get("date") ?? "") - now;
  if (!Number.isNaN(skewMs)) call.settings.skewMs = skewMs;
  if (!ok) call.retryAfterMs = retryAfterMs(headers, now + call.settings.skewMs);

  const body = new Body(response);
  call.received = ok ? body : undefined;
  try {
    let text = await body.read(call.maxBodyBytes);
    if (body.tooLarge && ok) throw invalid(`a body larger than ${call.maxBodyBytes} bytes`);
    // Of an error, the status says enough.
    if (body.tooLarge) text = "";
    const json = parsed(text);
    if (text && json === undefined && ok) throw invalid("a body that is not JSON");
    call.text = text;
    call.body = json === undefined ? text || undefined : json;
  } catch (error) {
    if (!rescued(call)) throw error;
  }
  if (ok) notePlaintext(call);
  return response;
}

/** What a success made is known before anything is told of it: its headers may quote it. */
function notePlaintext({ spec, body, secrets }: Call): void {
  const places = spec.idempotent ? [] : (spec.secrets?.response ?? []);
  for (const [, plaintext] of takeOut(body, places).taken) secrets.add(plaintext);
}

/**
 * Takes what came of the success of a create for all of it, where it holds the secret, which nobody will show again: however
 * the connection or the rest of the body ended.
 */
function rescued(call: Call): boolean {
  const { spec, received } = call;
  const [place] = spec.idempotent ? [] : (spec.secrets?.response ?? []);
  const json = place === undefined ? undefined : completed(received?.soFar() ?? "");
  const secret = at(json, place ?? "");
  if (typeof secret !== "string" || secret === "") return false;
  call.text = JSON.stringify(json);
  call.body = json;
  return true;
}

function connectionError(call: Call, error: unknown): ConnectionError {
  const chain: Error[] = [];
  for (let cause = error; cause instanceof Error && chain.length < 5; cause = cause.cause) chain.push(cause);
  const said = new Set(chain.map(({ message }) => message).filter(Boolean));
  const what = redact([...said].join(": ") || "the request failed", call.secrets);
  const code = chain.map((one) => "code" in one && one.code).find((one) => typeof one === "string");
  // Not the runtime's own error: it may hold the request, and so the credential.
  const cause = Object.assign(new Error(what), code && { code: redact(code, call.secrets) });
  return failure(ConnectionError, call, `${what.replace(/\.$/, "")}.`, { retryable: true, cause });
}

/** Of what some polyfills of `fetch` have for headers, which cannot be gone through, none. */
function redactedHeaders(headers: Headers, auth: Api["auth"], secrets: Iterable<string>): Record<string, string> {
  const sensitive = /auth|cookie|credential|jwt|key|otp|pass|secret|session|sig(n|$|-)|token/i;
  return Object.fromEntries(
    [...(Symbol.iterator in headers ? headers : [])].map(([name, value]) => [
      redact(name, secrets),
      sensitive.test(name) || auth.some(({ header }) => name === header.toLowerCase())
        ? "[secret]"
        : redact(value, secrets),
    ]),
  );
}
