import type { HeldKey } from "./sandbox-key.js";

interface Scope {
  workspaceId: string;
  /** Whether these are listed too. */
  disabled: boolean;
  expired: boolean;
}

/** How far the list of a scope was read. */
interface Mark {
  /** The next row to look at; they are read from the newest, the last, to the first. */
  index: number;
  /** When the first of the rows before it expires and so is one no more. */
  until: number;
}

/** More than the pages of 100,000 keys, so that several walks go on at once. */
const MAX_MARKS = 2_000;

/**
 * Keys in pages by offset, newest first, as a key made during a walk shifts the rest then. A walk goes on where its last
 * page ended, so that it takes time by the number of keys and not by its square; a change in between makes one page
 * count from the start again.
 */
export function createKeyList(pageSize: number) {
  let rows: HeldKey[] = [];
  const removed = new Set<HeldKey>();
  /** By scope and offset, until the list changes; the oldest first. */
  const marks = new Map<string, Mark>();

  return {
    add(row: HeldKey): void {
      rows.push(row);
      marks.clear();
    },

    remove(row: HeldKey): void {
      removed.add(row);
      marks.clear();
      if (removed.size * 2 < rows.length) return;
      rows = rows.filter((row) => !removed.has(row));
      removed.clear();
    },

    /** To be called when what decides about listing a key may have changed. */
    changed(): void {
      marks.clear();
    },

    page(scope: Scope, offset: number, now: number): HeldKey[] {
      const name = JSON.stringify(scope);
      const mark = marks.get(`${offset} ${name}`);
      const usable = mark !== undefined && now < mark.until;
      let { index, until } = usable ? mark : { index: rows.length - 1, until: Infinity };
      let skipped = usable ? offset : 0;
      const page: HeldKey[] = [];
      for (; page.length < pageSize && index >= 0; index--) {
        const row = rows[index];
        if (row === undefined || removed.has(row)) continue;
        const { workspace_id, disabled } = row.fields;
        if (workspace_id !== scope.workspaceId || (disabled && !scope.disabled)) continue;
        if (!scope.expired) {
          if (row.expires <= now) continue;
          until = Math.min(until, row.expires);
        }
        if (skipped < offset) skipped++;
        else page.push(row);
      }
      if (skipped === offset) marks.set(`${offset + page.length} ${name}`, { index, until });
      const [oldest = ""] = marks.keys();
      if (marks.size > MAX_MARKS) marks.delete(oldest);
      return page;
    },
  };
}
