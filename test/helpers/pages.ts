/** Lists that a test makes up, page by page, and an end to those that have none. */

/** More than any list that a test makes up needs. */
const MOST_REQUESTS = 300;

/** The same fetch, which fails after so many requests. A client that asks on for ever would keep the test's own time from passing. */
export function atMost<Args extends unknown[]>(most: number, fetch: (...args: Args) => Promise<Response>) {
  let sent = 0;
  return (...args: Args): Promise<Response> =>
    ++sent > most ? Promise.reject(new Error(`more than ${most} requests: this would not end`)) : fetch(...args);
}

/** Options of a client that is answered with these, bodies or whole answers, and how often it has asked. */
export function served(page: (url: string, request: number) => unknown) {
  let requests = 0;
  const fetch = atMost(MOST_REQUESTS, (url: string) => {
    const answer = page(url, requests++);
    return Promise.resolve(answer instanceof Response ? answer : Response.json(answer));
  });
  return { options: { apiKey: "not-a-real-key", fetch, maxRetries: 0 }, requests: () => requests };
}
