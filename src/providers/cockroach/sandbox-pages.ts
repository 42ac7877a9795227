import type { ApiKey } from "../../../generated/cockroach/types.js";

/** Times in microseconds since the epoch. */
export interface HeldKey {
  key: ApiKey;
  secret: string;
  created: number;
  /** Undefined while it is there. */
  deleted: number | undefined;
}

export interface PageRequest {
  limit: number;
  descending: boolean;
  serviceAccountId: string | undefined;
  /** Shows what was there at this time; undefined: now. */
  asOf: number | undefined;
  cursor: Cursor | undefined;
}

/** A page lies beyond a key, which is named by the time of its creation and may be gone by now. */
export interface Cursor {
  direction: "next" | "previous";
  created: number;
}

export interface Page {
  keys: ApiKey[];
  next: Cursor | undefined;
  previous: Cursor | undefined;
}

/** One page of keys, which are sorted by `created` and kept when they are deleted. */
export function pageOf(rows: readonly HeldKey[], request: PageRequest): Page {
  const { cursor, descending, limit } = request;
  const backwards = cursor?.direction === "previous";
  const step = backwards === descending ? 1 : -1;
  const found: HeldKey[] = [];
  for (let i = startOf(rows, cursor?.created, step); found.length <= limit; i += step) {
    const row = rows[i];
    if (row === undefined) break;
    if (isListed(row, request)) found.push(row);
  }
  const more = found.length > limit;
  const page = found.slice(0, limit);
  if (backwards) page.reverse();
  const first = page[0]?.created ?? cursor?.created;
  const last = page.at(-1)?.created ?? cursor?.created;
  return {
    keys: page.map(({ key }) => key),
    next: edge("next", last, backwards || more),
    previous: edge("previous", first, backwards ? more : cursor !== undefined),
  };
}

/** Whether a key was there at the time that is asked for, and is the account's. */
function isListed({ key, created, deleted = Infinity }: HeldKey, request: PageRequest): boolean {
  const { asOf = Infinity, serviceAccountId = key.service_account_id.toLowerCase() } = request;
  // A key that was never deleted is listed at any time.
  const there = created <= asOf && (deleted === Infinity || deleted > asOf);
  return there && key.service_account_id.toLowerCase() === serviceAccountId;
}

function edge(direction: Cursor["direction"], created: number | undefined, exists: boolean): Cursor | undefined {
  return exists && created !== undefined ? { direction, created } : undefined;
}

/** The index of the first row beyond a key in the direction of `step`. */
function startOf(rows: readonly HeldKey[], created: number | undefined, step: 1 | -1): number {
  if (created === undefined) return step === 1 ? 0 : rows.length - 1;
  return step === 1 ? indexAfter(rows, created) : indexAfter(rows, created - 1) - 1;
}

/** How many rows were created at this time or before. */
export function indexAfter(rows: readonly HeldKey[], created: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.created ?? Infinity) <= created) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Opaque to clients. */
export const encodeCursor = ({ direction, created }: Cursor): string =>
  btoa(`${direction}:${created}`).replaceAll("=", "");

/** Undefined where the text is no cursor. */
export function decodeCursor(text: string): Cursor | undefined {
  let plain: string;
  try {
    plain = atob(text);
  } catch {
    return undefined;
  }
  const [, direction, created] = /^(next|previous):(-?\d+)$/.exec(plain) ?? [];
  if (direction !== "next" && direction !== "previous") return undefined;
  return { direction, created: Number(created) };
}
