/** Clients that are not ours, openapi-fetch's above all, over the transport of a facade. */
import type * as OpenApiFetch from "openapi-fetch";
import { send, type Call, type Operation } from "./http/transport.js";
import type { ClientOptions } from "./options.js";
import type { Settings } from "./settings.js";

/** What a client is made of that sends its requests as a facade does: the options of an openapi-fetch client. */
export type Transport = Required<Pick<OpenApiFetch.ClientOptions, "baseUrl" | "fetch" | "headers" | "Request">>;

export function rawTransport(
  settings: Settings,
  operations: Readonly<Record<string, Operation>>,
  headers: ClientOptions["headers"] = {},
  newCall: (id: string, operation: Operation, options: { signal: AbortSignal | undefined }) => Call,
): Transport {
  return {
    baseUrl: settings.baseUrl,
    headers,
    fetch: async (request: PlainRequest | Request) => {
      const { url, method, headers, signal } = request;
      const path = new URL(url).pathname;
      const [id, operation] = Object.entries(operations).find(
        ([, one]) => one.method === method && new RegExp(`${one.path.replace(/\{.+\}/, "[^/]+")}$`).test(path),
      ) ?? [method, { method, path, idempotent: method === "GET" }];
      const call = newCall(id, operation, { signal });
      const body = request instanceof globalThis.Request ? await request.text() : request.body;
      const response = await send(settings, call, { url, method, headers, body });
      // Handed on as it is, but for its body, which is read already. A new one would cost as much as all the rest.
      return Object.assign(response, {
        text: () => Promise.resolve(call.text ?? ""),
        json: () => Promise.resolve(call.body),
      });
    },
    // It has what openapi-fetch and the transport read of a Request, and nothing else.
    Request: PlainRequest as unknown as typeof Request,
  };
}

/** What openapi-fetch builds instead of a Request: no copies, and no listener on the caller's signal. */
class PlainRequest {
  readonly url: string;
  declare readonly method: string;
  declare readonly headers: Headers;
  declare readonly body: string | undefined;
  declare readonly signal: AbortSignal | undefined;

  constructor(url: string, init: object) {
    this.url = url;
    Object.assign(this, init);
  }

  /** openapi-fetch asks whether a middleware gave back a Request; a user's gives this one, or one of the runtime's. */
  static [Symbol.hasInstance](value: object): boolean {
    return "method" in value;
  }
}
