import { createCockroach, serviceAccounts, type NewCockroachKey } from "../providers/cockroach/sandbox.js";
import { createEstuary, type EstuaryVersion, type NewEstuaryKey } from "../providers/estuary/sandbox.js";
import { Faults, fetchFailed, respond, unlessAborted, type Fault, type FaultKind } from "./faults.js";
import { createOpenRouter, type NewOpenRouterKey } from "../providers/openrouter/sandbox.js";
import { Refusal, type Answer, type IssuedKey, type Provider } from "./provider.js";
import { logged, type SandboxRequest } from "./request-log.js";
import { prefixes, route, type ProviderName } from "./routes.js";
import type { WireApiKeys } from "../../generated/index.js";

export type { EstuaryVersion, Fault, FaultKind, IssuedKey, ProviderName, SandboxRequest };
export type { NewCockroachKey, NewEstuaryKey, NewOpenRouterKey };
export type { Instant } from "./time.js";
export type { Operation } from "./routes.js";

export interface SandboxOptions {
  /** The time of all providers, in milliseconds since the epoch. The runtime's clock unless given. */
  now?: (() => number) | undefined;
  /** What goes wrong; `fail` adds more later. */
  faults?: readonly Fault[] | undefined;
  /** Rows a page of OpenRouter's list has. 100 unless given. */
  pageSize?: number | undefined;
  /** The Estuary server to be; the newest unless given. */
  estuaryVersion?: EstuaryVersion | undefined;
  /**
   * How many requests `requests` remembers: the latest ones. All of them unless given, for as long as the sandbox lives;
   * one that the command serves remembers 1,000.
   */
  maxLoggedRequests?: number | undefined;
  /**
   * Whether a request is refused, with 400, that lacks a header which the provider's spec says to send always (`x-send`).
   * The providers themselves take it; so does the sandbox unless this is `true`.
   */
  requireHeaders?: boolean | undefined;
}

/** What a key is given when it is put into the sandbox directly, by provider. */
export interface NewKeys {
  estuary: NewEstuaryKey;
  openrouter: NewOpenRouterKey;
  cockroach: NewCockroachKey;
}

export interface Sandbox {
  /**
   * Answers as the providers do, without any network: a URL belongs to a provider by the host of its default base URL,
   * or on any host by the path prefix `/estuary`, `/openrouter/api/v1` or `/cockroach`. Redirects are never followed.
   */
  fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** For each provider a key that may do everything. It is one of the keys that the provider lists. */
  credentials: Readonly<Record<ProviderName, string>>;
  /** What reached the sandbox, oldest first, without secrets: all of it, or the latest `maxLoggedRequests`. */
  requests: SandboxRequest[];
  /** Adds a fault behind those that are still waiting. @throws RangeError for one that could never happen. */
  fail: (fault: Fault) => void;
  /** Puts a key there, without a request. @throws RangeError where a time is none. */
  issue: <P extends ProviderName>(provider: P, key?: NewKeys[P]) => IssuedKey;
  /** What a provider holds now, expired keys included and revoked ones not, without plaintext. */
  keys: <P extends ProviderName>(provider: P) => WireApiKeys[P][];
  /** Spends US dollars with an OpenRouter key, now. @throws RangeError where there is no such key. */
  spend: (id: string, usd: number) => void;
  /** CockroachDB Cloud's service accounts by role. Any other UUID is one with ORG_ADMIN. */
  serviceAccounts: typeof serviceAccounts;
}

/** All providers, stateful and in memory. A client whose `fetch` is this one's touches no network. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const now = options.now ?? (() => Date.now());
  const openrouter = createOpenRouter(now, options.pageSize ?? 100);
  const providers: { [P in ProviderName]: Provider<WireApiKeys[P], NewKeys[P]> } = {
    estuary: createEstuary(now, options.estuaryVersion ?? "v0.4.3"),
    openrouter,
    cockroach: createCockroach(now),
  };
  const requests: SandboxRequest[] = [];
  const { maxLoggedRequests = Infinity } = options;
  const faults = new Faults();
  for (const fault of options.faults ?? []) faults.add(fault);

  async function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const signal = init?.signal === undefined && input instanceof Request ? input.signal : init?.signal;
    signal?.throwIfAborted();
    const request = requestOf(input, init);
    const url = new URL(request.url);
    const to = route(request.method, url);
    if (to === undefined) return noProvider(url);

    const provider = providers[to.provider];
    const body = await unlessAborted(signal, request.text());
    const fault = faults.take(to.provider, to.match?.operation);
    const record = logged(to, request, body);
    if (fault?.kind !== "refused") requests.push(record);
    if (requests.length > maxLoggedRequests) requests.shift();
    const answer = (): Answer => {
      if (to.match === undefined) return provider.error(to.otherMethod ? 405 : 404);
      const { operation, params } = to.match;
      const missing = to.headers.find((name) => options.requireHeaders && !request.headers.has(name));
      if (missing) return provider.error(400, `the header ${missing} is missing`);
      const call = { params, query: url.searchParams, headers: request.headers, body };
      try {
        return provider.answer(operation, call);
      } catch (error) {
        if (error instanceof Refusal) return error.answer;
        throw error;
      }
    };
    const response = await respond(fault, {
      answer,
      error: (status) => provider.error(status),
      signal,
    });
    record.status = response.status;
    if (request.redirect === "error" && response.headers.has("location")) {
      throw fetchFailed("unexpected redirect");
    }
    return response;
  }

  return {
    fetch,
    credentials: {
      estuary: providers.estuary.credential,
      openrouter: providers.openrouter.credential,
      cockroach: providers.cockroach.credential,
    },
    requests,
    fail: (fault) => faults.add(fault),
    issue: (provider, key = {}) => providers[provider].issue(key),
    keys: (provider) => providers[provider].keys(),
    spend: (id, usd) => openrouter.spend(id, usd),
    serviceAccounts,
  };
}

/** A Request with the signal in it would leave a listener on it. One that is there already is not made again. */
function requestOf(input: string | URL | Request, init: RequestInit = {}): Request {
  const changesNothing = Object.keys(init).every((name) => name === "signal");
  return input instanceof Request && changesNothing ? input : new Request(input, { ...init, signal: null });
}

function noProvider({ pathname }: URL): Response {
  return new Response(
    `No provider of the sandbox answers at ${pathname}. ` + `Base URLs: ${Object.values(prefixes).join(", ")}\n`,
    { status: 404 },
  );
}
