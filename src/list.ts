import type { Operation } from "./api.js";
import { InvalidResponseError } from "./http/errors.js";
import { failure } from "./http/failure.js";
import { at, isObject } from "./json.js";
import type { ApiKey, ProviderName } from "./key.js";

/**
 * The keys of a list, read page by page as they are asked for: `for await` gives key after key, `pages()` page after
 * page, `toArray()` all of them. Each use reads anew.
 *
 * A list is complete, holds no key twice, and ends: a server that repeats itself is an `InvalidResponseError`. Revoking
 * keys while OpenRouter's list is walked makes the server skip others, since it counts rows: collect first, then revoke.
 */
export interface KeyList<P extends ProviderName = ProviderName> extends AsyncIterable<ApiKey<P>> {
  /** Page after page, as the server cuts them, without keys that an earlier page had. */
  pages(): AsyncGenerator<ApiKey<P>[], void, undefined>;
  /** All keys at once. */
  toArray(): Promise<ApiKey<P>[]>;
}

interface ListSource<P extends ProviderName> {
  provider: P;
  id: string;
  pagination: Operation["pagination"];
  /** Asks for one page with these query parameters besides the caller's. */
  page: (query: Record<string, string | number>) => Promise<unknown>;
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

const ENDLESS = "the server repeats itself; the list would not end.";

async function* pagesOf<P extends ProviderName>(source: ListSource<P>): AsyncGenerator<ApiKey<P>[], void, undefined> {
  const { pagination, page, toKey } = source;
  const invalid = (problem: string) => failure(InvalidResponseError, source, problem);
  const ids = new Set<string>();
  const cursors = new Set<unknown>();
  let query: Record<string, string | number> = {};
  let received = 0;
  for (let barren = 0; ;) {
    const body = await page(query);
    const rows = at(body, pagination?.items ?? "");
    const fresh: ApiKey<P>[] = [];
    if (!Array.isArray(rows)) throw invalid("the answer holds no list of keys.");
    for (const row of rows as unknown[]) {
      const key = isObject(row) && (await toKey(row));
      if (!key || !key.id) throw invalid("the list holds a key without an id.");
      if (ids.size < ids.add(key.id).size) fresh.push(key);
    }
    if (fresh.length > 0) yield fresh;
    received += rows.length;
    if (pagination?.style === "offset") {
      if (rows.length === 0) return;
      query = { [pagination.offsetParam]: received };
    } else {
      const cursor = pagination && at(body, pagination.nextCursor);
      if (!pagination || typeof cursor !== "string" || cursor === "") return;
      if (cursors.has(cursor)) throw invalid(ENDLESS);
      cursors.add(cursor);
      query = { [pagination.cursorParam]: cursor };
    }
    // A key that was created meanwhile moves one row to the next page; that page may be the last, and have no other.
    barren = fresh.length > 0 ? 0 : barren + 1;
    if (barren === 2) throw invalid(ENDLESS);
  }
}
