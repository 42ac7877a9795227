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
  /**
   * Begins anew, as the server refuses the place that it is asked for, such as a row that was revoked meanwhile. False where
   * that would lead nowhere else. Absent where places are counted.
   */
  restart?: () => boolean;
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

/** What is thrown where a list would not end, or not be whole. */
export type Invalid = (problem: string) => Error;

export function walkOf(pagination: Pagination | undefined, invalid: Invalid): Walk {
  const ids = new Set<string>();
  const seen: Seen = { ids, fresh: (keys) => keys.filter(({ id }) => ids.size < ids.add(id).size) };
  if (pagination?.style === "offset") {
    const { offsetParam } = pagination;
    return countedWalk(seen, (row) => ({ query: [[offsetParam, String(row)]], start: row }));
  }
  if (pagination?.style === "page") {
    return countedWalk(seen, (row, largest) => pageWith(row, largest, pagination), SMALLEST_CAP);
  }
  return nextWalk(seen, (page) => nextOf(pagination, page, invalid), invalid);
}

/**
 * By what each page says of the next one, or in one piece where there is no pagination. A cursor names its place, whatever
 * becomes of other rows.
 */
function nextWalk({ fresh }: Seen, next: (page: Page) => Query | undefined, invalid: Invalid): Walk {
  const asked = new Set<string>();
  let isFurther = false;
  const walk: Walk = {
    query: [],
    take(page) {
      walk.query = next(page);
      const place = JSON.stringify(walk.query);
      if (walk.query && asked.size === asked.add(place).size) throw invalid(ENDLESS);
      const listed = fresh(page.keys);
      isFurther ||= listed.length > 0;
      return listed;
    },
    restart() {
      // Only where there was something new since the beginning: what it is refused now may not be what it was then.
      const restarted = isFurther && walk.query !== undefined && walk.query.length > 0;
      isFurther = false;
      asked.clear();
      if (restarted) walk.query = [];
      return restarted;
    },
  };
  return walk;
}

export const ENDLESS = "the server repeats itself; the list would not end.";

/** What the page behind this one is asked for with. */
function nextOf(
  pagination: Exclude<Pagination, { style: "offset" | "page" }> | undefined,
  { keys, body, headers }: Page,
  invalid: Invalid,
): Query | undefined {
  if (!pagination || pagination.style === "none") return undefined;
  if (pagination.style === "cursor") {
    const { cursorParam, nextCursor, hasMore } = pagination;
    const more = at(body, hasMore);
    if (more === false) return undefined;
    const cursor = placeOf(at(body, nextCursor), invalid);
    if (cursor !== undefined) return [[cursorParam, cursor]];
    if (more === true && keys.length > 0) throw invalid("the server says that there are more keys, and not where.");
    return undefined;
  }
  const link = placeOf(
    pagination.style === "link" ? linkOf(headers.get("link") ?? "") : at(body, pagination.nextLink),
    invalid,
  );
  // The link may lead anywhere; what it asks for is asked for where the list is.
  return link === undefined ? undefined : [...new URLSearchParams(/\?([^#]*)/.exec(link)?.[1])];
}

/** Where the next page is, as a text; undefined where there is none. What cannot be said back would end the list too early. */
function placeOf(told: unknown, invalid: Invalid): string | undefined {
  if (told === undefined || told === null || told === "" || told === false) return undefined;
  if (typeof told === "string") return told;
  if (typeof told === "number" && Number.isSafeInteger(told)) return String(told);
  throw invalid("where the next page is cannot be read.");
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
