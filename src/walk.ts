/** How the pages of a list are walked: what each is asked for with, and which of its rows are listed. */
import type { Pagination } from "./api.js";
import { at } from "./json.js";
import type { ApiKey } from "./key.js";

/** Query parameters. One may stand there more than once. */
export type Query = readonly (readonly [name: string, value: string])[];

/** A page as it came. */
export interface Page {
  keys: ApiKey[];
  body: unknown;
  headers: Headers;
}

export interface Walk {
  /** What the next page is asked for with; undefined where the list has ended. */
  query: Query | undefined;
  /** Takes the page that came. Gives the keys in it that are listed now. */
  take(page: Page): ApiKey[];
}

/** The ids that were listed. */
interface Seen {
  ids: ReadonlySet<string>;
  /** The keys whose ids are not known yet, which they are from now on. */
  fresh: (keys: ApiKey[]) => ApiKey[];
}

type ByPage = Extract<Pagination, { style: "page" }>;

/**
 * @param endless what is thrown where a server repeats itself
 */
export function walkOf(pagination: Pagination | undefined, endless: () => Error): Walk {
  const ids = new Set<string>();
  const seen: Seen = { ids, fresh: (keys) => keys.filter(({ id }) => ids.size < ids.add(id).size) };
  if (pagination?.style === "offset") {
    const { offsetParam } = pagination;
    return countedWalk(seen, (row) => ({ query: [[offsetParam, String(row)]], start: row }));
  }
  if (pagination?.style === "page") {
    return countedWalk(seen, (row, largest) => pageWith(row, largest, pagination), SMALLEST_CAP);
  }
  return nextWalk(seen, (page) => nextOf(pagination, page), endless);
}

/**
 * By what each page says of the next one, or in one piece where there is no pagination. A cursor names its place, whatever
 * becomes of other rows.
 */
function nextWalk({ fresh }: Seen, next: (page: Page) => Query | undefined, endless: () => Error): Walk {
  const asked = new Set<string>();
  const walk: Walk = {
    query: [],
    take(page) {
      walk.query = next(page);
      const place = JSON.stringify(walk.query);
      if (walk.query && asked.size === asked.add(place).size) throw endless();
      return fresh(page.keys);
    },
  };
  return walk;
}

/** What the page behind this one is asked for with. */
function nextOf(pagination: Exclude<Pagination, { style: "offset" | "page" }> | undefined, { body, headers }: Page) {
  if (!pagination || pagination.style === "none") return undefined;
  if (pagination.style === "cursor") {
    const { cursorParam, nextCursor, hasMore } = pagination;
    if (hasMore !== undefined && at(body, hasMore) === false) return undefined;
    const cursor = at(body, nextCursor);
    return isWord(cursor) ? [[cursorParam, String(cursor)] as const] : undefined;
  }
  const link = pagination.style === "link" ? linkOf(headers.get("link") ?? "") : at(body, pagination.nextLink);
  // The link may lead anywhere; what it asks for is asked for where the list is.
  return isWord(link) ? [...new URLSearchParams(/\?([^#]*)/.exec(String(link))?.[1])] : undefined;
}

function isWord(value: unknown): boolean {
  return (typeof value === "string" && value !== "") || Number.isSafeInteger(value);
}

/** The target of `rel="next"` in a `Link` header (RFC 8288). */
function linkOf(header: string): string | undefined {
  const links = [...header.matchAll(/<([^<>]*)>([^<]*)/g)];
  return links.find(([, , parameters = ""]) => /;\s*rel\s*=\s*("[^"]*\bnext\b|next\b)/i.test(parameters))?.[1];
}

/** A stretch of the rows as a server counts them: what it is asked for with, and where it begins. */
interface Stretch {
  query: Query;
  start: number;
}

/**
 * By rows or pages that the server counts, so that what is created or revoked meanwhile moves the others. Each page is asked
 * for so that it has the last row of the one before. What follows a row that was seen follows it without a gap, wherever the
 * row is by now; of a page without such a row, nobody knows what lies before it, so the walk goes back until there is one, or
 * to the beginning. A page that goes no further than that row is the end.
 *
 * It takes the rows to keep their order, and pages to have room for two.
 *
 * @param largest how many rows a page is known to have room for
 * @param from the stretch that has the row of this number and some behind it, at most as many as the largest page has had
 */
function countedWalk({ ids, fresh }: Seen, from: (row: number, largest: number) => Stretch, largest = 0): Walk {
  let row = 0;
  let start = 0;
  let back = 0;
  const walk: Walk = {
    query: [],
    take({ keys }) {
      const overlapping = largest > 1;
      const last = start + keys.length - 1;
      const isKnown = ({ id }: ApiKey) => ids.has(id);
      // Of pages with one row each, the one behind the last is empty.
      const ended = keys.length === 0 ? row === 0 || !overlapping : overlapping && last <= row && keys.every(isKnown);
      const lost = overlapping && row > 0 && !keys.some(isKnown);
      if (lost) {
        back = back * 2 || 1;
        row = Math.max(0, row - back);
      } else {
        back = 0;
        largest = Math.max(largest, keys.length);
        row = last + (largest > 1 ? 0 : 1);
      }
      const next = from(row, largest);
      start = next.start;
      walk.query = ended ? undefined : next.query;
      return lost ? [] : fresh(keys);
    },
  };
  return walk;
}

/** Less than a page of this many rows is taken for the last one, and not for all that a server gives at once. */
const SMALLEST_CAP = 20;

/** The page that has this row and most rows behind it, of all sizes that may be asked for and were given so far. */
function pageWith(row: number, largest: number, { offsetParam, limit }: ByPage): Stretch {
  const cap = Math.min(limit.most, largest);
  let [page, size] = [1, cap];
  for (let other = cap; other >= limit.least; other--) {
    const its = Math.floor(row / other) + 1;
    if (its * other > page * size) [page, size] = [its, other];
  }
  const query = [
    [offsetParam, String(page)],
    [limit.parameter, String(size)],
  ] as const;
  return { query, start: (page - 1) * size };
}
