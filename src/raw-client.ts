/** Clients that are not ours, openapi-fetch's above all, over the transport of a facade. */
import type * as OpenApiFetch from "openapi-fetch";
import { newCall } from "./call.js";
import { BadRequestError } from "./http/errors.js";
import { failure } from "./http/failure.js";
import { send } from "./http/transport.js";
import { checkedId } from "./id.js";
import type { Settings } from "./settings.js";

/**
 * What a client is made of that sends its requests as a facade does: the options of an openapi-fetch client.
 *
 * A middleware sees each request without the credential, which is added later. A new `Request` that it makes of one has no
 * signal.
 */
export type Transport = Required<Pick<OpenApiFetch.ClientOptions, "baseUrl" | "fetch" | "headers" | "Request">>;

export function rawTransport(settings: Settings): Transport {
  const { api, baseUrl, options } = settings;
  const { headers = {} } = options;
  const pathOf = (url: string): string => {
    if (!url.startsWith(`${baseUrl}/`)) throw failure(BadRequestError, api, "the URL is not below the base URL.");
    const path = url.slice(baseUrl.length).replace(/[?#].*/s, "");
    for (const step of path.slice(1).split("/")) checkedId(api, step.replace(/%2e/gi, "."));
    return path;
  };

  // Two of one name that differ in case would be joined to one with both values.
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const pinned = Object.fromEntries(
    Object.entries(api.headers ?? {}).filter(([name]) => !given.has(name.toLowerCase())),
  );

  class SignallessRequest extends Request {
    constructor(url: string, { signal, ...init }: RequestInit) {
      // As it was given: a Request takes steps such as `..`.
      pathOf(url);
      super(url, init);
      // One that is given a signal listens to it for as long as it lives.
      if (signal) Object.defineProperty(this, "signal", { value: signal });
    }

    /** openapi-fetch asks whether a middleware gave back a Request; it may be one of the runtime's own. */
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof Request;
    }
  }

  return {
    baseUrl,
    headers: { ...pinned, ...headers },
    fetch: async (request) => {
      const { url, method, headers, signal } = request;
      const path = pathOf(url);
      const [operation, spec] = Object.entries(api.operations).find(
        ([, one]) =>
          one.method === method &&
          new RegExp(`^${one.path.replace(/\W/g, "\\$&").replace(/\\{.+?}/g, "[^/]+")}$`).test(path),
      ) ?? [method, { method, path, idempotent: method === "GET" }];
      const call = newCall(settings, operation, spec, { signal });
      const body = await request.text();
      // An empty text is a body, too, which a GET must not have.
      const response = await send(call, { url, method, headers, body: body === "" ? undefined : body });
      return new Response(call.text === "" ? null : call.text, response);
    },
    Request: SignallessRequest as typeof Request,
  };
}
