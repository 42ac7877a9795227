import { brief, checkRequest, checkResponse, find } from "./exchange.js";

export type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

export interface Checks {
  /** The test sends what no spec allows, on purpose: only responses are checked. */
  malformedRequests?: boolean;
}

interface Observer extends Checks {
  report: (violations: string[]) => void;
  /** Whether a response is not to be checked. */
  isExempt?: (response: Response) => boolean;
}

/** The same fetch, whose exchanges are held against the specs. What it gives and throws stays as it is. */
export function checkedFetch(fetch: Fetch, { report, malformedRequests = false, isExempt }: Observer): Fetch {
  return async (input, init) => {
    const signal = init?.signal === undefined && input instanceof Request ? input.signal : init?.signal;
    // A Request with the signal in it would leave a listener on it.
    const request = new Request(input, { ...init, signal: null });
    const url = new URL(request.url);
    const found = find({ method: request.method, url });
    if (!malformedRequests) {
      const { method, headers } = request;
      const body = request.body === null ? "" : await request.clone().text();
      report(
        found
          ? checkRequest(found, { method, url, headers, body })
          : [`${method} ${brief(url.pathname)} is no operation`],
      );
    }
    const response = await fetch(request, signal ? { signal } : {});
    if (found !== undefined && isExempt?.(response) !== true) {
      const { status, headers } = response;
      report(checkResponse(found, { status, headers, body: await response.clone().text() }));
    }
    return response;
  };
}
