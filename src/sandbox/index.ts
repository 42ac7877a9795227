import type { Providers } from "../../generated/index.js";
import servers from "../../generated/servers.js";
import { defined } from "../define.js";
import type { RateLimit } from "../api.js";
import { SIMULATED } from "../settings.js";
import { Faults, fetchFailed, respond, unlessAborted, type Fault, type FaultKind } from "./faults.js";
import { checkNewKey } from "./new-key.js";
import { RateLimits } from "./rate-limits.js";
import { Refusal, type IssuedKey, type Server } from "./provider.js";
import { logged, type SandboxRequest } from "./request-log.js";
import { prefixOf, route, simulated, type ProviderName, type Route } from "./routes.js";

export type * from "../../generated/servers.js";
export type { Fault, FaultKind, IssuedKey, RateLimit, ProviderName, Providers, SandboxRequest };
export type { Instant } from "./time.js";
export type { Operation, OperationId } from "./routes.js";

/** What a key takes besides what is said of it, at most. */
const BYTES_OF_A_KEY = 1_000;
/** In characters: a body that is parsed takes many times as much. */
const MAX_LOGGED_BODY = 4_000;

type Servers = typeof servers;
type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (one: infer All) => void
  ? All
  : never;
type Simulated = keyof Servers;
type OptionsOf<P extends Simulated> = NonNullable<Parameters<Servers[P]>[1]>;
type ExtrasOf<P extends Simulated> = ReturnType<Servers[P]> extends { extras: infer Extras } ? Extras : never;

/** What a sandbox is given, with what single providers take. */
export interface SandboxOptions extends Intersection<{ [P in Simulated]: OptionsOf<P> }[Simulated]> {
  /** The time of all providers, in milliseconds since the epoch. The runtime's clock unless given. */
  now?: (() => number) | undefined;
  /** What goes wrong; `fail` adds more later. */
  faults?: readonly Fault[] | undefined;
  /**
   * How many requests `requests` remembers: the latest ones. All of them unless given, for as long as the sandbox lives;
   * one that the command serves remembers 1,000. Where it is given, of a body of more than 4,000 characters only that number
   * is remembered.
   */
  maxLoggedRequests?: number | undefined;
  /**
   * How much each provider may hold, in bytes of what it was sent; what makes more of it is refused with 400. No bound unless
   * given; one that the command serves holds 20,000,000, which is some 20,000 keys.
   */
  maxBytes?: number | undefined;
  /**
   * How many requests each provider takes in how many seconds, counted from the first one on: those that it publishes, if it
   * does, or these. Others are refused with 429. No limit unless given.
   */
  rateLimit?: "published" | RateLimit | undefined;
  /**
   * Whether a request is refused, with 400, that lacks a header which the provider's spec says to send always (`x-send`).
   * The providers themselves take it; so does the sandbox unless this is `true`.
   */
  requireHeaders?: boolean | undefined;
}

/** What a key is given when it is put into the sandbox directly, by provider. */
export type NewKeys = {
  [P in ProviderName]: P extends Simulated ? Parameters<ReturnType<Servers[P]>["issue"]>[0] : object;
};

type Extras = Intersection<{ [P in Simulated]: ExtrasOf<P> }[Simulated]>;

/** A sandbox, with what it can do with single providers. */
export interface Sandbox extends Extras {
  /**
   * Answers as the providers do, without any network: a URL belongs to a provider by the host of its default base URL,
   * or on any host by the path prefix `/` + its name + the path of that URL. Redirects are never followed.
   */
  fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** For each provider a key that may do everything. It is one of the keys that the provider lists. */
  credentials: Readonly<Record<ProviderName, string>>;
  /**
   * For each provider whose paths have something before the key, such as a project, one that is there, by the name of the
   * factory's option.
   */
  parents: Readonly<Record<ProviderName, Readonly<Record<string, string>>>>;
  /** What reached the sandbox, oldest first, without secrets: all of it, or the latest `maxLoggedRequests`. */
  requests: SandboxRequest[];
  /** Adds a fault behind those that are still waiting. @throws RangeError for one that could never happen. */
  fail: (fault: Fault) => void;
  /** Puts a key there, without a request. @throws RangeError where something that is said of it cannot be. */
  issue: <P extends ProviderName>(provider: P, key?: NewKeys[P]) => IssuedKey;
  /** What a provider holds now, expired keys included and revoked ones not, without plaintext. */
  keys: <P extends ProviderName>(provider: P) => Providers[P]["wire"][];
}

/**
 * All providers, stateful and in memory: keysmith's own, and those that are defined with a server by now. A client whose
 * `fetch` is this one's touches no network.
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const now = options.now ?? (() => Date.now());
  const names = simulated();
  const serverOf = (name: ProviderName) =>
    Object.hasOwn(servers, name) ? servers[name](now, options) : defined[name]?.sandbox?.(now);
  const providers = Object.fromEntries(names.map((name) => [name, serverOf(name)])) as {
    [P in ProviderName]: Server<Providers[P]["wire"], NewKeys[P]>;
  };
  const requests: SandboxRequest[] = [];
  const { maxLoggedRequests = Infinity, maxBytes = Infinity } = options;
  const limits = options.rateLimit && new RateLimits(options.rateLimit, now);
  /** No less than what each holds. */
  const held = new Map<ProviderName, number>();
  const faults = new Faults(names);
  for (const fault of options.faults ?? []) faults.add(fault);

  async function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const signal = init?.signal === undefined && input instanceof Request ? input.signal : init?.signal;
    signal?.throwIfAborted();
    const request = requestOf(input, init);
    const url = new URL(request.url);
    const routed = (provider: ProviderName, path: string) => providers[provider].routed?.(path) ?? path;
    const to = route(request.method, url, routed, names);
    if (to === undefined) return noProvider(url, names);

    const provider = providers[to.provider];
    const body = await unlessAborted(signal, request.text());
    const wait = limits?.refusedFor(to.provider);
    const fault = wait === undefined ? faults.take(to.provider, to.match?.operation) : undefined;
    const record = logged(to, request, maxLoggedRequests === Infinity ? body : inShort(body));
    if (fault !== undefined) record.fault = fault.kind;
    if (fault?.kind !== "refused") requests.push(record);
    if (requests.length > maxLoggedRequests) requests.shift();
    const retryAfter = provider.hasNoRetryAfter ? undefined : wait;
    const refusal = wait === undefined ? undefined : ({ kind: "status", status: 429, retryAfter } as const);
    const response = await respond(refusal ?? fault, {
      answer: () => answerTo(to, request, body),
      error: (status) => provider.error(status),
      signal,
    });
    record.status = response.status;
    response.headers.set("date", new Date(now()).toUTCString());
    if (request.redirect === "error" && response.headers.has("location")) {
      throw fetchFailed("unexpected redirect");
    }
    return response;
  }

  /** Does what a request that reached a provider asks for. */
  function answerTo(
    { provider: name, path, match, otherMethod, headers: wanted }: Route,
    request: Request,
    body: string,
  ) {
    const provider = providers[name];
    const { method, headers, url } = request;
    try {
      if (match === undefined) {
        return (
          provider.answerOther?.({ method, path, query: new URL(url).searchParams, headers }) ??
          provider.error(otherMethod ? 405 : 404)
        );
      }
      const missing = wanted.find((header) => options.requireHeaders && !headers.has(header));
      if (missing) return provider.error(400, `the header ${missing} is missing`);
      if (!makesRoom(method) && isFull(name, body.length + url.length)) {
        return provider.error(
          400,
          `the sandbox holds ${maxBytes} bytes already, which is all that it may: revoke keys`,
        );
      }
      return provider.answer(match.operation, {
        params: match.params,
        query: new URL(url).searchParams,
        headers,
        body,
      });
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  /** Whether a provider may not be sent this much more to hold. */
  function isFull(provider: ProviderName, bytes: number): boolean {
    const after = (held.get(provider) ?? 0) + bytes + BYTES_OF_A_KEY;
    // What was sent may have been refused, or is revoked by now.
    const exact = after > maxBytes ? JSON.stringify(providers[provider].keys()).length + bytes : after;
    held.set(provider, exact);
    return exact > maxBytes;
  }

  // What the servers have in addition is typed where each is made.
  const extras = Object.assign({}, ...names.map((name) => providers[name].extras)) as Extras;
  return {
    ...extras,
    fetch: Object.assign(fetch, { [SIMULATED]: true }),
    credentials: Object.fromEntries(names.map((name) => [name, providers[name].credential])) as Sandbox["credentials"],
    parents: Object.fromEntries(names.map((name) => [name, providers[name].parents ?? {}])) as Sandbox["parents"],
    requests,
    fail: (fault) => faults.add(fault),
    issue: (provider, key = {}) => {
      const { fields } = providers[provider];
      if (fields) checkNewKey(fields, key);
      return providers[provider].issue(key);
    },
    keys: (provider) => providers[provider].keys(),
  };
}

function inShort(body: string): string {
  return body.length > MAX_LOGGED_BODY ? `[${body.length} characters]` : body;
}

const makesRoom = (method: string): boolean => ["GET", "HEAD", "DELETE"].includes(method);

/** A Request with the signal in it would leave a listener on it. One that is there already is not made again. */
function requestOf(input: string | URL | Request, init: RequestInit = {}): Request {
  const changesNothing = Object.keys(init).every((name) => name === "signal");
  return input instanceof Request && changesNothing ? input : new Request(input, { ...init, signal: null });
}

function noProvider({ pathname }: URL, names: readonly ProviderName[]): Response {
  return new Response(
    `No provider of the sandbox answers at ${pathname}. ` + `Base URLs: ${names.map(prefixOf).join(", ")}\n`,
    { status: 404 },
  );
}
