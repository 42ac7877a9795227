import type { Pagination } from "./api.js";
import { InvalidResponseError, isKeysmithError } from "./http/errors.js";
import { failure } from "./http/failure.js";
import { at, isObject } from "./json.js";
import type { ApiKey, ProviderName } from "./key.js";
import { ENDLESS, walkOf, type Query } from "./walk.js";
import type { Headers } from "./web.js";

/**
 * The keys of a list, read page by page as they are asked for: `for await` gives key after key, `pages()` page after
 * page, `toArray()` all of them. Each use reads anew.
 *
 * A list is complete, holds no key twice, and ends, while others create and revoke keys: one that is there from the first
 * request to the last is listed. A server that repeats itself for ever is an `InvalidResponseError`.
 */
export interface KeyList<P extends ProviderName = ProviderName> extends AsyncIterable<ApiKey<P>> {
  /** Page after page, as the server cuts them, without keys that an earlier page had. */
  pages(): AsyncGenerator<ApiKey<P>[], void, undefined>;
  /** All keys at once. */
  toArray(): Promise<ApiKey<P>[]>;
}

interface ListSource<P extends ProviderName> {
  provider: P;
  operation: string;
  pagination: Pagination | undefined;
  /** Asks for one page with these query parameters besides the caller's. Where the items are, its body has an array. */
  page: (query: Query) => Promise<{ data: unknown; headers: Headers }>;
  toKey: (row: Record<string, unknown>) => ApiKey<P> | Promise<ApiKey<P>>;
}

export function keyList<P extends ProviderName>(source: ListSource<P>): KeyList<P> {
  const list: KeyList<P> = {
    pages: () => pagesOf(source),
    async *[Symbol.asyncIterator]() {
      for await (const page of list.pages()) yield* page;
    },
    async toArray() {
      const keys: ApiKey<P>[] = [];
      for await (const page of list.pages()) keys.push(...page);
      return keys;
    },
  };
  return list;
}

/** What a server may say of a place that is gone. */
const REFUSALS = ["bad-request", "not-found", "conflict"];

async function* pagesOf<P extends ProviderName>(source: ListSource<P>): AsyncGenerator<ApiKey<P>[], void, undefined> {
  const { pagination, page, toKey } = source;
  const invalid = (problem: string) => failure(InvalidResponseError, source, problem);
  const walk = walkOf(pagination, invalid);
  for (let fruitful = 0, barren = 0; walk.query;) {
    const answer = await page(walk.query).catch((error: unknown) => {
      if (!isKeysmithError(error) || !REFUSALS.includes(error.kind) || !walk.restart?.()) throw error;
    });
    if (!answer) continue;
    const { data: body, headers } = answer;
    const keys: ApiKey<P>[] = [];
    for (const row of at(body, pagination?.items ?? "") as unknown[]) {
      const key = isObject(row) && (await toKey(row));
      if (!key || !key.id) throw invalid("the list holds a key without an id.");
      keys.push(key);
    }
    const fresh = walk.take({ keys, body, headers }) as ApiKey<P>[];
    if (fresh.length > 0) yield fresh;
    // What others create moves rows that were seen to later pages, and each of those is seen again at most once.
    [fruitful, barren] = fresh.length > 0 ? [fruitful + 1, 0] : [fruitful, barren + 1];
    if (barren > 10 + fruitful) throw invalid(ENDLESS);
  }
}
