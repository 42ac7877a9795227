import type { OperationSpec } from "./api.js";
import { InvalidResponseError } from "./http/errors.js";
import { failure } from "./http/failure.js";
import { at, isObject } from "./json.js";
import type { ApiKey, ProviderName } from "./key.js";

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

type Pagination = NonNullable<OperationSpec["pagination"]>;

interface ListSource<P extends ProviderName> {
  provider: P;
  operation: string;
  pagination: Pagination | undefined;
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

/** Walks the pages of a list: says what to ask for next, and which rows of a page are new. */
interface Walk {
  /** What the next page is asked for with; undefined where the list has ended. */
  query: Record<string, string | number> | undefined;
  /** Takes the page that came. Gives the keys in it that are listed now. @throws InvalidResponseError */
  take(keys: ApiKey[], body: unknown): ApiKey[];
}

async function* pagesOf<P extends ProviderName>(source: ListSource<P>): AsyncGenerator<ApiKey<P>[], void, undefined> {
  const { pagination, page, toKey } = source;
  const invalid = (problem: string) => failure(InvalidResponseError, source, problem);
  const ids = new Set<string>();
  const endless = () => invalid("the server repeats itself; the list would not end.");
  const walk =
    pagination?.style === "offset" ? offsetWalk(pagination.offsetParam, ids) : cursorWalk(pagination, ids, endless);
  for (let fruitful = 0, barren = 0; walk.query;) {
    const body = await page(walk.query);
    const rows = at(body, pagination?.items ?? "");
    if (!Array.isArray(rows)) throw invalid("the answer holds no list of keys.");
    const keys: ApiKey<P>[] = [];
    for (const row of rows as unknown[]) {
      const key = isObject(row) && (await toKey(row));
      if (!key || !key.id) throw invalid("the list holds a key without an id.");
      keys.push(key);
    }
    const fresh = walk.take(keys, body) as ApiKey<P>[];
    if (fresh.length > 0) yield fresh;
    // What others create moves rows that were seen to later pages, and each of those is seen again at most once.
    [fruitful, barren] = fresh.length > 0 ? [fruitful + 1, 0] : [fruitful, barren + 1];
    if (barren > 10 + fruitful) throw endless();
  }
}

/** The keys whose ids are not known yet, which they are from now on. */
function unknown(keys: ApiKey[], ids: Set<string>): ApiKey[] {
  return keys.filter(({ id }) => ids.size < ids.add(id).size);
}

/** By cursor, or in one piece where there is no pagination. A cursor names its place, whatever becomes of other rows. */
function cursorWalk(
  pagination: Exclude<Pagination, { style: "offset" }> | undefined,
  ids: Set<string>,
  endless: () => Error,
): Walk {
  const cursors = new Set<string>();
  const walk: Walk = {
    query: {},
    take(keys, body) {
      walk.query = undefined;
      if (pagination && (pagination.hasMore === undefined || at(body, pagination.hasMore) !== false)) {
        const cursor = at(body, pagination.nextCursor);
        if (typeof cursor === "string" && cursor) {
          if (cursors.size === cursors.add(cursor).size) throw endless();
          walk.query = { [pagination.cursorParam]: cursor };
        }
      }
      return unknown(keys, ids);
    },
  };
  return walk;
}

/**
 * By offset: the server counts rows, so what is created or revoked meanwhile moves the others. Each page is asked for from
 * the last row of the one before. What follows a row that was seen follows it without a gap, wherever the row is by now;
 * of a page without such a row, nobody knows what lies before it, so the walk goes back until there is one, or to the
 * beginning. A page of that row alone is the end.
 *
 * It takes the rows to keep their order, and pages to have room for two.
 */
function offsetWalk(parameter: string, ids: Set<string>): Walk {
  let offset = 0;
  let back = 0;
  let largest = 0;
  const walk: Walk = {
    query: {},
    take(keys) {
      const overlapping = largest > 1;
      const known = offset === 0 || keys.some(({ id }) => ids.has(id));
      const [first] = keys;
      // Of pages with one row each, the one behind the last is empty.
      const ended = overlapping ? keys.length === 1 && first && ids.has(first.id) : keys.length === 0;
      if (ended || (offset === 0 && keys.length === 0)) {
        walk.query = undefined;
        return [];
      }
      if (overlapping && !known) {
        back = back * 2 || 1;
        offset = Math.max(0, offset - back);
        walk.query = { [parameter]: offset };
        return [];
      }
      back = 0;
      largest = Math.max(largest, keys.length);
      offset += keys.length - (largest > 1 ? 1 : 0);
      walk.query = { [parameter]: offset };
      return unknown(keys, ids);
    },
  };
  return walk;
}
