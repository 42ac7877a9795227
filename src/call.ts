/** What a call is: one operation, what its request carries, and what is made of its answer. */
import { payloadOf, successOf } from "./answer.js";
import type { OperationSpec } from "./api.js";
import { BadRequestError, ConfigurationError, isKeysmithError, type AnyKeysmithError } from "./http/errors.js";
import { failure } from "./http/failure.js";
import type { ErrorDetails, KeysmithError } from "./http/keysmith-error.js";
import { redact } from "./http/redact.js";
import { isRefusal } from "./http/status-error.js";
import { send, type Call, type OutgoingRequest } from "./http/transport.js";
import { checkedId } from "./id.js";
import { takeOut, type Taken } from "./json.js";
import type { ApiKey } from "./key.js";
import type { CallOptions } from "./options.js";
import { limitsOf, type Settings } from "./settings.js";
import type { Headers } from "./web.js";
import { given, requireSayable } from "./wire.js";

/** What a method's promise gives through `withResponse()`. */
export interface WithResponse<T> {
  data: T;
  /** The HTTP status of the method's own request, not of those that it looked things up with. */
  status: number;
  headers: Headers;
}

/** What a method gives. Awaited it is the result; `withResponse()` gives status and headers beside it. */
export interface CallPromise<T> extends Promise<T> {
  /** The result, with the status and headers of the answer. Sends nothing anew. */
  withResponse(): Promise<WithResponse<T>>;
}

type Value = string | number | boolean;

/** By name; what is undefined is left out. */
export type Query = Readonly<Record<string, Value | undefined>>;

/** What a request carries, by its wire names. */
interface Input {
  /** What stands in the path. */
  key?: ApiKey | string;
  /** What stands there instead, where a server knows a key by nothing but its plaintext. */
  plaintext?: string;
  query?: Query | readonly (readonly [name: string, value: Value])[];
  body?: object;
  /** Whether an empty body is all that there is to say. It is refused otherwise: a patch that names nothing. */
  emptyBody?: true;
}

/** What a call sends. */
export interface Sending extends Input {
  /** Looks up first what else the request carries. */
  prepare?: (call: Call) => Promise<Input>;
  /** Plaintext that the request carries. */
  secrets?: (string | undefined)[];
  /** What may explain a refusal, besides the server's words, in a sentence; undefined where nothing does. Does not throw. */
  onRefusal?: (refusal: AnyKeysmithError) => Promise<string | undefined>;
}

/** What a call sends, and what is made of its answer. */
export interface Plan<T> extends Sending {
  /**
   * Makes the result of what was asked for, which is undefined where the answer had no body, and of the plaintext that was
   * in it.
   */
  result: (shown: unknown, call: Call, taken: Taken) => T | Promise<T>;
  /** Gives the body as it came, with its plaintext and its envelope. */
  whole?: true;
  maxBodyBytes?: number;
  /** What is thrown where a request that must not be repeated may have had an effect. */
  onDoubt?: (cause: unknown) => Error;
}

let calls = 0;

/** A call that is yet to be sent. */
export function newCall(
  settings: Settings,
  operation: string,
  spec: OperationSpec,
  { signal, ...own }: CallOptions,
  maxBodyBytes?: number,
): Call {
  const { api, options, secrets } = settings;
  const { timeoutMs, maxRetries, maxRetryWaitMs, maxBodyBytes: most } = limitsOf(api, { maxBodyBytes }, options, own);
  // Every field, in one literal: with an object that fields are spread into, or added to later, a call takes a quarter longer.
  return {
    settings,
    provider: api.provider,
    operation,
    number: ++calls,
    spec,
    signal,
    secrets,
    timeoutMs,
    maxRetries,
    maxRetryWaitMs,
    maxBodyBytes: most,
    credential: undefined,
    doubts: 0,
    text: undefined,
    body: undefined,
    received: undefined,
    gone: false,
    retryAfterMs: undefined,
  };
}

/** Calls an operation. */
export function sent<T, Operation extends string>(
  settings: Settings<Operation>,
  operation: Operation,
  own: CallOptions | undefined,
  plan: Plan<T>,
): CallPromise<T> {
  const answered = answer(settings, operation, own, plan);
  const data = answered.then((answer) => answer.data);
  return Object.assign(data, { withResponse: () => data.then(() => answered) });
}

async function answer<T, Operation extends string>(
  settings: Settings<Operation>,
  operation: Operation,
  own: CallOptions = {},
  plan: Plan<T>,
): Promise<WithResponse<T>> {
  const { api } = settings;
  const call = newCall(settings, operation, api.operations[operation], own, plan.maxBodyBytes);
  for (const secret of plan.secrets ?? []) if (secret) call.secrets.add(secret);
  try {
    const response = await send(call, requestOf(call, { ...plan, ...(await plan.prepare?.(call)) }, own.headers));
    const { status, headers } = response;
    const answered = successOf(call, response);
    const { rest, taken } = takeOut(answered, plan.whole ? [] : (call.spec.secrets?.response ?? []));
    for (const [, plaintext] of taken) call.secrets.add(plaintext);
    const shown = plan.whole ? answered : payloadOf(api, rest);
    return { data: await plan.result(shown, call, taken), status, headers };
  } catch (error) {
    throw (call.doubts > 0 ? plan.onDoubt?.(error) : await explained(call, error, plan)) ?? error;
  }
}

/** @throws BadRequestError, ConfigurationError */
function requestOf(call: Call, input: Input, own: CallOptions["headers"]): OutgoingRequest {
  const { key, plaintext, query, body, emptyBody } = input;
  const { api, baseUrl, options } = call.settings;
  // What an empty body does is each server's own affair.
  if (body && !emptyBody && Object.keys(body).length === 0) {
    throw failure(BadRequestError, call, "there is nothing to set. Name at least one thing.");
  }
  requireSayable(call, Array.isArray(query) ? Object.fromEntries(query as [string, Value][]) : query);
  requireSayable(call, body);
  const [type, text] = call.spec.body === "form" ? [FORM, formOf] : ["application/json", JSON.stringify];
  return {
    url: baseUrl + pathOf(call, key, plaintext) + searchOf(query),
    method: call.spec.method,
    headers: headersOf(call, api.headers, body && { "content-type": type }, options.headers, own),
    body: body && text(body),
  };
}

/** The path with what stands in it: parents by their names, and a key. */
function pathOf(call: Call, key: Input["key"], plaintext: string | undefined): string {
  const { api, parents } = call.settings;
  return call.spec.path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const { option } = api.parents?.[name] ?? {};
    if (option === undefined) return encodeURIComponent(plaintext ?? checkedId(call, key, api));
    const parent = parents[name];
    if (parent !== undefined) return encodeURIComponent(parent);
    throw failure(ConfigurationError, call, `there is no ${option}. Pass it to the factory.`);
  });
}

/** A refusal of the API's own with what may explain it; undefined where it is none, or nothing does. */
async function explained(call: Call, error: unknown, { onRefusal }: Sending): Promise<KeysmithError | undefined> {
  if (!onRefusal || !isKeysmithError(error) || error.status === undefined || !isRefusal(call)) return undefined;
  const explanation = await onRefusal(error);
  if (explanation === undefined) return undefined;
  const ErrorClass = error.constructor as new (message: string, details: ErrorDetails) => KeysmithError;
  const { provider, operation, status, code, serverMessage, requestId, retryable } = error;
  const details = { provider, operation, status, code, serverMessage, requestId, retryable, cause: error };
  return new ErrorClass(`${error.message} ${explanation}`, details);
}

function searchOf(query: Input["query"] = {}): string {
  const search = formOf(Array.isArray(query) ? query : given(query));
  return search && `?${search}`;
}

const FORM = "application/x-www-form-urlencoded";

/** What is left out is not said; null is empty. */
function formOf(values: object | readonly (readonly [name: string, value: unknown])[]): string {
  const pairs = (Array.isArray(values) ? values : given(values)) as [string, Value | null][];
  return new URLSearchParams(pairs.map(([name, value]) => [name, String(value ?? "")])).toString();
}

/** Of headers that are spelt alike but for their case, the last counts. */
function headersOf(call: Call, ...all: (Readonly<Record<string, string>> | undefined)[]): Headers {
  const headers = new Headers();
  for (const [name, value] of all.flatMap((some) => given(some ?? {}))) {
    try {
      headers.set(name, value);
    } catch {
      // The runtime's own error quotes the value.
      throw failure(
        ConfigurationError,
        call,
        `HTTP forbids the name or the value of the header "${redact(name, call.secrets)}".`,
      );
    }
  }
  return headers;
}
