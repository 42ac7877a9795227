/** What every facade is made of: the typed client over the transport, and calls that map its answers. */
import type { ClientOptions as OpenApiClientOptions } from "openapi-fetch";
import { BadRequestError, failure, InvalidResponseError, isKeysmithError } from "./http/errors.js";
import { isObject, statusError } from "./http/mapping.js";
import { CreateOutcomeUnknownError } from "./http/outcome-unknown.js";
import { send, type Call, type Operation, type Settings } from "./http/transport.js";
import { checkedId, cleanName, type ApiKey, type CreatedApiKey, type ProviderName } from "./key.js";
import { keyList, type KeyList } from "./list.js";
import type { CallOptions, ClientOptions } from "./options.js";
import { Secret } from "./secret.js";
import { baseUrlOf, limitsOf, settingsOf } from "./settings.js";
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

interface Plan<T> {
  /** What to send; a function may look things up first. */
  input?: Input | ((call: Call) => Promise<Input>);
  /** Makes the result of the body, which is undefined where the answer had none. */
  result: (body: unknown, call: Call) => T | Promise<T>;
  /** Plaintext that the request carries. */
  secrets?: (string | undefined)[];
  maxBodyBytes?: number;
  /** What is thrown where a request that must not be repeated may have had an effect. */
  onDoubt?: (cause: unknown) => Error;
}

interface CreatePlan<P extends ProviderName> {
  input: Input | ((call: Call) => Promise<Input>);
  secrets?: (string | undefined)[];
  /** Makes the key of an answer that may lack everything but the secret. Does not throw. */
  toKey: (body: Record<string, unknown>, secret: string) => ApiKey<P> | Promise<ApiKey<P>>;
  list: (options: CallOptions) => KeyList<P>;
  /** Why a listed key may be the one, made between these times by the server's clock; undefined where it is not. */
  matches: (key: ApiKey<P>, since: number, until: number) => string | undefined;
}

/** Of a client, what a call by operation needs. */
interface RequestClient {
  request(method: string, path: string, init: object): Promise<{ data?: unknown; error?: unknown; response: Response }>;
}

// A clock that is read over the network is off by as long as an answer takes, and a Date header by a second.
const CLOCK_MARGIN_MS = 10_000;

export class Connection<P extends ProviderName, Id extends string, Client> {
  readonly client: Client;
  readonly #api: Api<P, Id>;
  readonly #options: ClientOptions;
  readonly #settings: Settings;
  // What the latest calls knew: a server may quote it to the next one, such as the list of candidates.
  #secrets: string[] = [];

  constructor(api: Api<P, Id>, createClient: (options: OpenApiClientOptions) => Client, options: ClientOptions) {
    this.#api = api;
    this.#options = options;
    this.#settings = settingsOf(api, options);
    this.client = createClient({
      baseUrl: baseUrlOf(api, options),
      headers: options.headers ?? {},
      fetch: (request) => this.#forward(request),
      // It has what openapi-fetch and the transport read of a Request, and nothing else.
      Request: PlainRequest as unknown as typeof Request,
    });
  }

  call<T>(id: Id, options: CallOptions | undefined, plan: Plan<T>): CallPromise<T> {
    const answered = this.#answer(id, options, plan);
    const data = answered.then((answer) => answer.data);
    const withResponse = () => {
      // Whoever asks for both is told of a failure by the promise of both.
      data.catch(() => undefined);
      return answered;
    };
    return Object.assign(data, { withResponse });
  }

  /** A list of keys, paged as the spec says. */
  list(
    id: Id,
    options: CallOptions | undefined,
    query: object,
    toKey: (row: Record<string, unknown>) => ApiKey<P> | Promise<ApiKey<P>>,
  ): KeyList<P> {
    const page = (more: object) =>
      this.call(id, options, { input: { query: { ...query, ...more } }, result: (body) => body });
    return keyList({ provider: this.#api.provider, operation: this.#api.operations[id], page, toKey });
  }

  /** A create: sent once; either its secret is delivered, or it is said that nobody knows what became of it. */
  create(id: Id, options: CallOptions | undefined, plan: CreatePlan<P>): CallPromise<CreatedApiKey<P>> {
    const { provider, operations } = this.#api;
    const begun = Date.now();
    const [place = ""] = operations[id].secrets?.response ?? [];
    const candidates = async () => {
      // The signal that ended the create would end this as well.
      const keys = await plan.list({ ...options, signal: undefined }).toArray();
      const { clockSkewMs } = this.#settings;
      const since = begun + clockSkewMs - CLOCK_MARGIN_MS;
      const until = Date.now() + clockSkewMs + CLOCK_MARGIN_MS;
      return keys.flatMap((key) => {
        const reason = plan.matches(key, since, until);
        return reason === undefined ? [] : [{ key, reason }];
      });
    };
    return this.call(id, options, {
      ...plan,
      result: async (answer, call) => {
        const body = checkedObject(call, answer);
        const secret = body[place.slice(1)];
        if (typeof secret !== "string" || secret === "") throw unreadable(call);
        call.secrets.push(secret);
        return { ...(await plan.toKey(body, secret)), secret: new Secret(secret) };
      },
      onDoubt: (cause) =>
        new CreateOutcomeUnknownError<P>(
          `${provider} ${id}: nobody knows whether a key was created (${isKeysmithError(cause) ? cause.message : "aborted"}) ` +
            "It was not and will not be sent again. Look at candidates() before you create another.",
          { provider, operation: id, cause, status: isKeysmithError(cause) ? cause.status : undefined },
          candidates,
        ),
    });
  }

  async #answer<T>(id: Id, options: CallOptions = {}, plan: Plan<T>): Promise<WithResponse<T>> {
    const call = this.#newCall(id, this.#api.operations[id], options, plan.maxBodyBytes);
    call.secrets.push(...(plan.secrets ?? []).filter((secret) => secret !== undefined));
    try {
      const { key, query, body } = (typeof plan.input === "function" ? await plan.input(call) : plan.input) ?? {};
      const { method, path } = call.operation;
      const [, parameter = ""] = /\{(.+)\}/.exec(path) ?? [];
      const { error, response, data } = await (this.client as RequestClient).request(method, path, {
        call,
        headers: options.headers,
        params: { query, path: parameter && { [parameter]: checkedId(call, key) } },
        body: body && checkedBody(call, body),
      });
      // Of a revoked key nothing is left; a request that was sent before may have done it.
      const gone = response.status === 404 && method === "DELETE" && call.doubts > 0;
      if (!response.ok && !gone) throw statusError(call, response, error);
      return { data: await plan.result(data, call), status: response.status, headers: response.headers };
    } catch (error) {
      throw (call.doubts > 0 ? plan.onDoubt?.(error) : undefined) ?? error;
    } finally {
      this.#secrets = [...new Set(call.secrets)].slice(-8);
    }
  }

  #newCall(id: string, operation: Operation, options: CallOptions, maxBodyBytes?: number): Call {
    const { provider } = this.#api;
    const limits = limitsOf(provider, { maxBodyBytes, ...this.#options }, options);
    return { provider, id, operation, signal: options.signal, ...limits, secrets: [...this.#secrets], doubts: 0 };
  }

  /** What openapi-fetch takes for `fetch`. A request that no method of ours made belongs to no call yet. */
  async #forward(request: PlainRequest | Request): Promise<Response> {
    const { url, method, headers } = request;
    const call = "call" in request && request.call ? request.call : this.#rawCall(request);
    const body = request instanceof globalThis.Request ? await request.text() : request.body;
    return send(this.#settings, call, { url, method, headers, body: body === "" ? undefined : body });
  }

  #rawCall({ url, method, signal }: PlainRequest | Request): Call {
    const { pathname } = new URL(url);
    const [id, operation] = Object.entries<Operation>(this.#api.operations).find(
      ([, one]) => one.method === method && new RegExp(`${one.path.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(pathname),
    ) ?? [method, { method, path: pathname, idempotent: method === "GET" }];
    return this.#newCall(id, operation, { signal });
  }
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

function unreadable(call: Call): InvalidResponseError {
  const problem = "the answer lacks what this API gives. Check the base URL and what stands between.";
  return failure(InvalidResponseError, call, problem);
}

/** What an empty body does is each server's own affair. */
function checkedBody(call: Call, body: object): object {
  if (Object.keys(body).length > 0) return body;
  throw failure(BadRequestError, call, "this changes nothing. Name at least one thing to set.");
}

/** What openapi-fetch builds instead of a Request: no copies, and no listener on the caller's signal. */
class PlainRequest {
  readonly url: string;
  declare readonly method: string;
  declare readonly headers: Headers;
  declare readonly body: string | undefined;
  declare readonly signal: AbortSignal | undefined;
  declare readonly call: Call | undefined;

  constructor(url: string, init: object) {
    this.url = url;
    Object.assign(this, init);
  }

  /** openapi-fetch asks whether a middleware gave back a Request; a user's gives one of the runtime's. */
  static [Symbol.hasInstance](value: object): boolean {
    return value instanceof Request || "call" in value;
  }
}
