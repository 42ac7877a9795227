import type { Secret } from "./secret.js";
import type { AbortSignal, RequestInit, Response } from "./web.js";

/** A credential: its plaintext, a `Secret`, or a function that gives one and is asked anew for each attempt. */
export type Credential = string | Secret | (() => string | Secret | Promise<string | Secret>);

/** What the factories of the facades take. */
export interface ClientOptions {
  /**
   * The credential. Left out, it is read from the environment variable that `api.credentialEnv` of the provider's entry
   * names. A function is asked anew for each attempt, so that a vault can rotate it underneath.
   */
  apiKey?: Credential | undefined;
  /**
   * Where the API is. Left out, it is read from the environment variable that `api.baseUrlEnv` of the provider's entry
   * names, or else the provider's own.
   */
  baseUrl?: string | undefined;
  /** What sends the requests: the runtime's `fetch` unless given. It is called with a URL and an init. */
  fetch?: ((input: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Sent with every request, besides what the API needs. They cannot replace the credential. */
  headers?: Record<string, string> | undefined;
  /** How long one attempt may take, its body included, in milliseconds. 30,000 unless given; `Infinity` for no limit. */
  timeoutMs?: number | undefined;
  /** How often a failed attempt may be repeated, where repeating is safe. 2 unless given. */
  maxRetries?: number | undefined;
  /**
   * The longest wait before a retry, in milliseconds. 60,000 unless given. Where a server asks for a longer one, the
   * call fails at once and says so.
   */
  maxRetryWaitMs?: number | undefined;
  /**
   * Waited for before each attempt, of whose time it is no part: for a rate limit. Ends with the signal, if one is given;
   * what it throws ends the call. None unless given.
   */
  beforeAttempt?: ((signal: AbortSignal | undefined) => Promise<void>) | undefined;
  /** The largest body that is read, in bytes. 10,000,000 unless given, and more for what is documented to be larger. */
  maxBodyBytes?: number | undefined;
  /** Lets the credential travel over plain http to hosts other than loopback. */
  allowInsecure?: boolean | undefined;
  /** Lets a client be made in a browser, where whoever uses the page can read the credential. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Told of each request, response, retry and wait. What it throws or rejects with is ignored. */
  onEvent?: ((event: KeysmithEvent) => unknown) | undefined;
}

/** What every method takes last. */
export interface CallOptions {
  /** Stops the call at once, waits included. Its reason is thrown as it is; an unknown create keeps it as cause. */
  signal?: AbortSignal | undefined;
  /** How long one attempt may take, its body included, in milliseconds. */
  timeoutMs?: number | undefined;
  /** How often a failed attempt may be repeated, where repeating is safe. */
  maxRetries?: number | undefined;
  /** Sent with the requests of this call, instead of the client's of the same name. They cannot replace the credential. */
  headers?: Record<string, string> | undefined;
}

/** What happens beneath a call. Holds no secret: not the credential, and no body. */
export interface KeysmithEvent {
  /**
   * `waited`: `beforeAttempt`, such as a rate limit, lets an attempt begin. `request`: it begins. `response`: it ended, with a
   * status or without. `retry`: there will be another one. `wait`: how long until then.
   */
  type: "waited" | "request" | "response" | "retry" | "wait";
  provider: string;
  /** The operationId of the provider's spec. */
  operation: string;
  /** The HTTP method. */
  method: string;
  /** The path as the spec has it, with the names of what stands in it: `/keys/{hash}`. Holds no id. */
  path: string;
  /** The number of the call, which all of its events have, and no other call of this process. */
  call: number;
  /** 1 for the first. */
  attempt: number;
  /** With `response` and `retry`; undefined where no answer came. */
  status?: number | undefined;
  /** With `waited` and `response`: how long that took. With `wait`: how long the wait will be. In milliseconds. */
  durationMs?: number | undefined;
  /** With `retry` and `wait`: why there is another attempt. The status, or what went wrong, in a sentence. */
  reason?: string | undefined;
  /** With `request` and `response`. What is or sounds like a secret is `[secret]`. */
  headers?: Record<string, string> | undefined;
}
