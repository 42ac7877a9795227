/** Lists that a test makes up, page by page. */

/** More than any list of a test needs. Of one that does not end, the test fails instead of going on for ever. */
export const MOST_REQUESTS = 300;

/** Options of a client that is answered with these, and how often it has asked. */
export function served(page: (url: string, request: number) => unknown) {
  let requests = 0;
  const fetch = (url: string) => {
    // A client that asks on for ever would keep the test's own time from passing.
    if (requests >= MOST_REQUESTS) return Promise.reject(new Error(`the list does not end: ${requests} requests`));
    return Promise.resolve(Response.json(page(url, requests++)));
  };
  return { options: { apiKey: "not-a-real-key", fetch, maxRetries: 0 }, requests: () => requests };
}
