/** What every facade is made of: the typed client over the transport, and calls that map its answers. */
import type { ClientOptions as OpenApiClientOptions } from "openapi-fetch";
import { BadRequestError, InvalidResponseError, isKeysmithError } from "./http/errors.js";
import { failure } from "./http/failure.js";
import { statusError } from "./http/mapping.js";
import { CreateOutcomeUnknownError } from "./http/outcome-unknown.js";
import { send, type Call, type Operation } from "./http/transport.js";
import { isObject } from "./json.js";
import { checkedId, cleanName, type ApiKey, type CreatedApiKey, type ProviderName } from "./key.js";
import { keyList, type KeyList } from "./list.js";
import type { CallOptions, ClientOptions } from "./options.js";
import { Secret } from "./secret.js";
import { limitsOf, settingsOf } from "./settings.js";
import type { Headers } from "./web.js";

/** The `api` table of a generated client. */
interface Api<P extends ProviderName, Id extends string> {
  readonly provider: P;
  readonly baseUrl: string;
  readonly baseUrlEnv: string;
  readonly credentialEnv: string;
  readonly operations: Readonly<Record<Id, Operation>>;
}

/** What a method's promise gives through `withResponse()`. */
export interface WithResponse<T> {
  data: T;
  /** The HTTP status of the method's own request, not of those that it looked things up with. */
  status: number;
  headers: Headers;
}

/** The promise of every method. Awaited it gives the result; `withResponse()` gives status and headers beside it. */
export interface CallPromise<T> extends Promise<T> {
  withResponse(): Promise<WithResponse<T>>;
}

/** What a request carries, by its wire names. */
interface Input {
  /** What stands in the path. */
  key?: ApiKey | string;
  query?: object | undefined;
  body?: object;
}

interface Sending extends Input {
  /** Looks up first what else the request carries. */
  prepare?: (call: Call) => Promise<Input>;
  /** Plaintext that the request carries. */
  secrets?: (string | undefined)[];
}

interface Plan<T> extends Sending {
  /** Makes the result of the body, which is undefined where the answer had none. */
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

export interface Connection<P extends ProviderName, Id extends string, Client> {
  readonly client: Client;
  /** Calls an operation and maps its answer. */
  call<T>(id: Id, options: CallOptions | undefined, plan: Plan<T>): CallPromise<T>;
  /** A list of keys, paged as the spec says. */
  list(
    id: Id,
    options: CallOptions | undefined,
    query: object,
    toKey: (row: Record<string, unknown>) => ApiKey<P> | Promise<ApiKey<P>>,
  ): KeyList<P>;
  /** A create: sent once; either its secret is delivered, or it is said that nobody knows what became of it. */
  create(id: Id, options: CallOptions | undefined, plan: CreatePlan<P>): CallPromise<CreatedApiKey<P>>;
}

/** Of a client, what a call by operation needs. */
interface RequestClient {
  request(method: string, path: string, init: object): Promise<{ error?: unknown; response: Response }>;
}

// A clock that is read over the network is off by as long as an answer takes, and a Date header by a second.
const CLOCK_MARGIN_MS = 10_000;

/** @throws ConfigurationError */
export function connect<P extends ProviderName, Id extends string, Client>(
  api: Api<P, Id>,
  createClient: (options: OpenApiClientOptions) => Client,
  options: ClientOptions,
): Connection<P, Id, Client> {
  const { provider, operations } = api;
  const settings = settingsOf(api, options);
  // What the latest calls knew: a server may quote it to the next one, such as the list of candidates.
  let known: string[] = [];

  const newCall = (id: string, operation: Operation, { signal, ...own }: CallOptions, plan?: Plan<unknown>): Call => {
    const limits = limitsOf({ provider }, { maxBodyBytes: plan?.maxBodyBytes }, options, own);
    return { provider, id, operation, signal, ...limits, secrets: new Set(known), doubts: 0 };
  };

  /** The call of a request that no method of ours made. */
  const rawCall = ({ url, method, signal }: PlainRequest | Request): Call => {
    const path = new URL(url).pathname;
    const [id, operation] = Object.entries<Operation>(operations).find(
      ([, one]) => one.method === method && new RegExp(`${one.path.replace(/\{.+\}/, "[^/]+")}$`).test(path),
    ) ?? [method, { method, path, idempotent: method === "GET" }];
    return newCall(id, operation, { signal });
  };

  const client = createClient({
    baseUrl: settings.baseUrl,
    headers: options.headers ?? {},
    fetch: async (request: PlainRequest | Request) => {
      const { url, method, headers, call }: { url: string; method: string; headers: Headers; call?: Call } = request;
      const body = request instanceof globalThis.Request ? await request.text() : request.body;
      return send(settings, call ?? rawCall(request), { url, method, headers, body });
    },
    // It has what openapi-fetch and the transport read of a Request, and nothing else.
    Request: PlainRequest as unknown as typeof Request,
  });

  const answer = async <T>(id: Id, options: CallOptions = {}, plan: Plan<T>): Promise<WithResponse<T>> => {
    const call = newCall(id, operations[id], options, plan);
    for (const secret of plan.secrets ?? []) if (secret) call.secrets.add(secret);
    try {
      const { key, query, body } = { ...plan, ...(await plan.prepare?.(call)) };
      const { method, path } = call.operation;
      const [, parameter = ""] = /\{(.+)\}/.exec(path) ?? [];
      // What an empty body does is each server's own affair.
      if (body && Object.keys(body).length === 0) {
        throw failure(BadRequestError, call, "this changes nothing. Name at least one thing to set.");
      }
      const { error, response } = await (client as RequestClient).request(method, path, {
        call,
        headers: options.headers,
        params: { query, path: parameter && { [parameter]: checkedId(call, key) } },
        body,
        // It is read already, and parsed.
        parseAs: "stream",
      });
      const { status, headers } = response;
      // Of a revoked key nothing is left; a request that was sent before may have done it.
      const gone = status === 404 && method === "DELETE" && call.doubts > 0;
      if (!response.ok && !gone) throw statusError(call, response, error);
      return { data: await plan.result(call.json, call), status, headers };
    } catch (error) {
      throw (call.doubts > 0 ? plan.onDoubt?.(error) : undefined) ?? error;
    } finally {
      known = [...call.secrets].slice(-8);
    }
  };

  const call = <T>(id: Id, options: CallOptions | undefined, plan: Plan<T>): CallPromise<T> => {
    const answered = answer(id, options, plan);
    const data = answered.then((answer) => answer.data);
    return Object.assign(data, { withResponse: () => data.then(() => answered) });
  };

  return {
    client,
    call,
    list: (id, options, query, toKey) => {
      const page = (more: object) => call(id, options, { query: { ...query, ...more }, result: (body) => body });
      return keyList({ provider, id, pagination: operations[id].pagination, page, toKey });
    },
    create: (id, options, plan) => {
      const begun = Date.now();
      const candidates = async () => {
        // The signal that ended the create would end this as well.
        const keys = await plan.list({ ...options, signal: undefined }).toArray();
        const since = begun + settings.clockSkewMs - CLOCK_MARGIN_MS;
        const until = Date.now() + settings.clockSkewMs + CLOCK_MARGIN_MS;
        return keys.flatMap((key) => {
          const reason = plan.matches(key, since, until);
          return reason ? [{ key, reason }] : [];
        });
      };
      return call(id, options, {
        ...plan,
        result: async (answer, call) => {
          const [place = ""] = operations[id].secrets?.response ?? [];
          const { [place.slice(1)]: secret, ...shown } = checkedObject(call, answer);
          if (typeof secret !== "string" || !secret) throw unreadable(call);
          call.secrets.add(secret);
          return { ...(await plan.toKey(shown, secret)), secret: new Secret(secret) };
        },
        onDoubt: (cause) => {
          const { message, status } = isKeysmithError(cause) ? cause : { message: "aborted", status: undefined };
          const problem = `nobody knows whether a key was created (${message})`;
          return new CreateOutcomeUnknownError<P>(
            `${provider} ${id}: ${problem} It is not sent again: look at candidates() first.`,
            { provider, operation: id, cause, status },
            candidates,
          );
        },
      });
    },
  };
}

/** Matches keys of this name that were created since. */
export function sameName(name: string): (key: ApiKey, since: number) => string | undefined {
  return ({ name: other, createdAt = "" }, since) =>
    other === cleanName(name) && Date.parse(createdAt) >= since
      ? `It has the same name and was created at ${createdAt}.`
      : undefined;
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

function unreadable(call: Call): InvalidResponseError {
  return failure(InvalidResponseError, call, "the answer lacks what this API gives. Check the base URL.");
}

/** What openapi-fetch builds instead of a Request: no copies, and no listener on the caller's signal. */
class PlainRequest {
  readonly url: string;
  declare readonly method: string;
  declare readonly headers: Headers;
  declare readonly body: string | undefined;
  declare readonly signal: AbortSignal | undefined;
  declare readonly call?: Call;

  constructor(url: string, init: object) {
    this.url = url;
    Object.assign(this, init);
  }

  /** openapi-fetch asks whether a middleware gave back a Request; a user's gives this one, or one of the runtime's. */
  static [Symbol.hasInstance](value: object): boolean {
    return "method" in value;
  }
}
