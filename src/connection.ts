/** What every facade is made of: calls by operation, whose answers are mapped, and raw clients over the same transport. */
import type { Api, OperationSpec } from "./api.js";
import { BadRequestError, ConfigurationError, InvalidResponseError, isKeysmithError } from "./http/errors.js";
import { checkBaseUrl, failure } from "./http/failure.js";
import { isRefusal, serverWords, statusError } from "./http/status-error.js";
import { CreateOutcomeUnknownError } from "./http/outcome-unknown.js";
import { isMasked, redact, withoutSecrets } from "./http/redact.js";
import { send, type Call } from "./http/transport.js";
import { isObject, takeOut } from "./json.js";
import { checkedId } from "./id.js";
import { cleanName, type ApiKey, type CreatedApiKey, type ProviderName } from "./key.js";
import { keyList, type KeyList } from "./list.js";
import type { CallOptions, ClientOptions } from "./options.js";
import { rawTransport, type Transport } from "./raw-client.js";
import { Secret } from "./secret.js";
import { limitsOf, settingsOf } from "./settings.js";
import { given, requireSayable } from "./wire.js";
import type { Headers } from "./web.js";

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

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** What a request carries, by its wire names. */
interface Input {
  /** What stands in the path. */
  key?: ApiKey | string;
  /** What stands there instead, where a server knows a key by nothing but its plaintext. */
  plaintext?: string;
  query?: Query;
  body?: object;
}

interface Sending extends Input {
  /** Looks up first what else the request carries. */
  prepare?: (call: Call) => Promise<Input>;
  /** Plaintext that the request carries. */
  secrets?: (string | undefined)[];
}

interface Plan<T> extends Sending {
  /** Makes the result of the body, which is undefined where the answer had none. No plaintext is left in it. */
  result: (body: unknown, call: Call) => T | Promise<T>;
  maxBodyBytes?: number;
  /** What is thrown where a request that must not be repeated may have had an effect. */
  onDoubt?: (cause: unknown) => Error;
}

interface CreatePlan<P extends ProviderName> extends Sending {
  /** Makes the key of an answer that may lack everything but the secret, and is given without it. Does not throw. */
  toKey: (shown: Record<string, unknown>, secret: string) => ApiKey<P> | Promise<ApiKey<P>>;
  list: (options: CallOptions) => KeyList<P>;
  /** Why a listed key may be the one, made between these times by the server's clock; undefined where it is not. */
  matches: (key: ApiKey<P>, since: number, until: number) => string | undefined;
}

export interface Connection<P extends ProviderName, Operation extends string> {
  readonly client: <Client>(create: (transport: Transport) => Client) => Client;
  /** Calls an operation and maps its answer. */
  call<T>(operation: Operation, options: CallOptions | undefined, plan: Plan<T>): CallPromise<T>;
  /** A list of keys, paged as the spec says. A row is without the plaintext that a server may show beside it. */
  list(
    operation: Operation,
    options: CallOptions | undefined,
    query: Query,
    toKey: (row: Record<string, unknown>, plaintext: string | undefined) => ApiKey<P> | Promise<ApiKey<P>>,
  ): KeyList<P>;
  /** A create: sent once; either its secret is delivered, or it is said that nobody knows what became of it. */
  create(operation: Operation, options: CallOptions | undefined, plan: CreatePlan<P>): CallPromise<CreatedApiKey<P>>;
}

// A clock that is read over the network is off by as long as an answer takes, and a Date header by a second.
const CLOCK_MARGIN_MS = 10_000;

/** @throws ConfigurationError */
export function connect<P extends ProviderName, Operation extends string>(
  api: Api<P, Operation>,
  options: ClientOptions,
): Connection<P, Operation> {
  const { provider, operations } = api;
  const settings = settingsOf(api, options);

  const newCall = (
    operation: string,
    spec: OperationSpec,
    { signal, ...own }: CallOptions,
    plan?: Plan<unknown>,
  ): Call => {
    const limits = limitsOf(api, { maxBodyBytes: plan?.maxBodyBytes }, options, own);
    return { ...limits, settings, provider, operation, spec, signal, secrets: settings.secrets, doubts: 0 };
  };

  const answer = async <T>(operation: Operation, own: CallOptions = {}, plan: Plan<T>): Promise<WithResponse<T>> => {
    const call = newCall(operation, operations[operation], own, plan);
    for (const secret of plan.secrets ?? []) if (secret) call.secrets.add(secret);
    try {
      const { key, plaintext, query, body } = { ...plan, ...(await plan.prepare?.(call)) };
      // What an empty body does is each server's own affair.
      if (body && Object.keys(body).length === 0) {
        throw failure(BadRequestError, call, "there is nothing to set. Name at least one thing.");
      }
      requireSayable(call, query);
      requireSayable(call, body);
      const { method, path } = call.spec;
      const place = path.replace(/\{.+\}/, () => encodeURIComponent(plaintext ?? checkedId(call, key, api)));
      const response = await send(call, {
        url: settings.baseUrl + place + searchOf(query),
        method,
        headers: headersOf(
          call,
          api.headers,
          body && { "content-type": "application/json" },
          options.headers,
          own.headers,
        ),
        body: body && JSON.stringify(body),
      });
      const { status, headers } = response;
      return { data: await plan.result(successOf(call, response), call), status, headers };
    } catch (error) {
      throw (call.doubts > 0 ? plan.onDoubt?.(error) : undefined) ?? error;
    }
  };

  const whole = <T>(operation: Operation, options: CallOptions | undefined, plan: Plan<T>): CallPromise<T> => {
    const answered = answer(operation, options, plan);
    const data = answered.then((answer) => answer.data);
    return Object.assign(data, { withResponse: () => data.then(() => answered) });
  };

  const plaintextPlaces = (operation: Operation) => operations[operation].secrets?.response ?? [];

  return {
    client: (create) => create(rawTransport(settings, newCall)),
    call: (operation, options, plan) =>
      whole(operation, options, {
        ...plan,
        result: (body, call) => {
          const { rest, taken } = takeOut(body, plaintextPlaces(operation));
          for (const plaintext of taken) call.secrets.add(plaintext);
          return plan.result(rest, call);
        },
      }),
    list: (operation, options, query, toKey) => {
      const { pagination } = operations[operation];
      const rows = `${pagination?.items ?? ""}/*`;
      const places = plaintextPlaces(operation).flatMap((place) =>
        place.startsWith(rows) ? [place.slice(rows.length)] : [],
      );
      return keyList({
        provider,
        operation,
        pagination,
        page: (more: object) => whole(operation, options, { query: { ...query, ...more }, result: (body) => body }),
        toKey: (row) => {
          const { rest, taken } = takeOut(row, places);
          return toKey(rest as typeof row, taken[0]);
        },
      });
    },
    create: (operation, options, plan) => {
      const begun = Date.now();
      const candidates = async () => {
        // The signal that ended the create would end this as well.
        const keys = await plan.list({ ...options, signal: undefined }).toArray();
        const since = begun + settings.skewMs - CLOCK_MARGIN_MS;
        const until = Date.now() + settings.skewMs + CLOCK_MARGIN_MS;
        return keys.flatMap((key) => {
          const reason = plan.matches(key, since, until);
          return reason ? [{ key, reason }] : [];
        });
      };
      return whole(operation, options, {
        ...plan,
        result: async (answer, call) => {
          const { rest, taken } = takeOut(answer, plaintextPlaces(operation));
          const [secret] = taken;
          if (secret === undefined) throw unreadable(call);
          call.secrets.add(secret);
          const key = await plan.toKey(withoutSecrets(checkedObject(call, rest), [secret]), secret);
          // What a server gives as the id may be the plaintext.
          return { ...key, id: isMasked(key.id) ? "" : key.id, secret: new Secret(secret) };
        },
        onDoubt: (cause) => {
          const { message, status } = isKeysmithError(cause) ? cause : { message: "aborted", status: undefined };
          const problem = `nobody knows whether a key was created (${message})`;
          return new CreateOutcomeUnknownError<P>(
            `${provider} ${operation}: ${problem} It is not sent again: look at candidates() first.`,
            { provider, operation, cause, status },
            candidates,
          );
        },
      });
    },
  };
}

/** Matches keys of this name that were created since, or nobody knows when. */
export function sameName(name: string): (key: ApiKey, since: number) => string | undefined {
  return ({ name: other, createdAt }, since) => {
    if (other !== cleanName(name)) return undefined;
    if (createdAt === undefined) return "It has the same name; this API does not tell when a key was created.";
    return Date.parse(createdAt) >= since ? `It has the same name and was created at ${createdAt}.` : undefined;
  };
}

/** The object that an answer, or a part of one, has to be. */
export function checkedObject(call: Call, value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw unreadable(call);
  return value;
}

/** The key, which is of no use without its id. */
export function checkedKey<K extends ApiKey>(call: Call, key: K): K {
  if (!key.id) throw unreadable(call);
  return key;
}

/** The key, which has to be the one that was asked for, with what the patch set. */
export function requireAsked<K extends ApiKey>(call: Call, key: K, asked: unknown, patch: Patch = {}): K {
  if (key.id !== checkedId(call, asked)) {
    throw failure(InvalidResponseError, call, `the answer is about another key: ${checkBaseUrl(call)}.`);
  }
  const differs = (field: string, value: unknown) => {
    const shown = redact(JSON.stringify(value), call.secrets);
    const problem = `the server answered as if done, and ${field} is still ${shown}. Look at the key, and set it again.`;
    return failure(InvalidResponseError, call, problem);
  };
  // A name that the answer does not tell is empty.
  const renamed = patch.name === undefined || key.name === "" || key.name.trim() === cleanName(patch.name).trim();
  if (!renamed) throw differs("name", key.name);
  if ((patch.disabled ?? key.disabled) !== (key.disabled ?? patch.disabled)) throw differs("disabled", key.disabled);
  return key;
}

interface Patch {
  name?: string | undefined;
  disabled?: boolean | undefined;
}

/** The body of a success; of a revocation that came too late, none: the words of a 404 are no answer to it. */
function successOf(call: Call, response: Response): unknown {
  // Of a revoked key nothing is left; a request that was sent before may have done it.
  const gone = response.status === 404 && call.spec.method === "DELETE" && call.doubts > 0;
  if (gone && isRefusal(call)) return undefined;
  if (gone) {
    const problem = `404, and not as this API says it: nothing tells whether the key is gone. Look at the list, and ${checkBaseUrl(call)}.`;
    throw failure(InvalidResponseError, call, problem, { status: 404 });
  }
  if (!response.ok) throw statusError(call, response);
  if (call.settings.api.error && isRefusal(call)) throw unreadable(call);
  return call.body;
}

function unreadable(call: Call): InvalidResponseError {
  const words = serverWords(call);
  const said = words ? ` (the server says: ${words.replace(/\.$/, "")})` : "";
  const problem = `the answer lacks what this API gives${said}: ${checkBaseUrl(call)}.`;
  return failure(InvalidResponseError, call, problem, { serverMessage: words });
}

function searchOf(query: Query = {}): string {
  // It makes text of numbers and booleans itself.
  const search = new URLSearchParams(given(query) as [string, string][]).toString();
  return search && `?${search}`;
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
