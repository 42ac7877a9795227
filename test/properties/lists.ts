/** Promise 7: lists are complete, hold no key twice, and end, whatever happens while they are walked. */
import fc from "fast-check";
import { expect } from "vitest";
import { cockroach, estuary, InvalidResponseError, openrouter, type KeyList } from "../../src/index.js";
import { served } from "../helpers/pages.js";
import { property, type Topic } from "./property.js";

/** Each way to read a list. */
const readers: Record<string, (list: KeyList) => Promise<string[]>> = {
  "toArray()": async (list) => (await list.toArray()).map(({ id }) => id),
  "for await": async (list) => {
    const ids: string[] = [];
    for await (const { id } of list) ids.push(id);
    return ids;
  },
  "pages()": async (list) => {
    const ids: string[] = [];
    for await (const page of list.pages()) ids.push(...page.map(({ id }) => id));
    return ids;
  },
};
const ways = fc.constantFrom(...Object.keys(readers));

/** The ids of a list, or `endless` where it is refused for going round in circles. */
async function read(way: string, list: KeyList): Promise<string[] | "endless"> {
  try {
    return (await readers[way]?.(list)) ?? [];
  } catch (error) {
    if (error instanceof InvalidResponseError && error.message.includes("would not end")) return "endless";
    throw error;
  }
}

function complete(ids: readonly string[], throughout: Iterable<string>): void {
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining([...throughout]));
}

/** Before each page, keys are made and revoked, at these places in the list; the page has room for so many rows. */
const offsetStep = fc.record({
  size: fc.integer({ min: 2, max: 4 }),
  made: fc.array(fc.nat(12), { maxLength: 2 }),
  revoked: fc.array(fc.nat(12), { maxLength: 3 }),
});

/** Before each page, keys with these numbers are made and deleted; the page has so many rows besides those it repeats. */
const cursorStep = fc.record({
  size: fc.integer({ min: 1, max: 4 }),
  made: fc.array(fc.nat(200), { maxLength: 2 }),
  deleted: fc.array(fc.nat(12), { maxLength: 2 }),
  repeated: fc.nat(2),
});

export const listTopic: Topic = {
  topic: "a list",
  properties: [
    property(
      "by offset has every key that is there throughout, once, whatever is created and revoked meanwhile",
      fc.record({
        rows: fc.nat(14),
        order: fc.constantFrom("newest first" as const, "oldest first" as const, "of its own" as const),
        steps: fc.array(offsetStep, { maxLength: 25 }),
        way: ways,
      }),
      async ({ rows: count, order, steps, way }) => {
        const rows = Array.from({ length: count }, (_, index) => String(index));
        const throughout = new Set(rows);
        let made = 0;
        const { options, requests } = served((url, request) => {
          const offset = Number(new URL(url).searchParams.get("offset") ?? 0);
          const step = steps[request] ?? { size: 3, made: [], revoked: [] };
          for (const place of request > 0 ? step.revoked : []) {
            for (const row of rows.splice(place, 1)) throughout.delete(row);
          }
          for (const place of request > 0 ? step.made : []) {
            const at = { "newest first": 0, "oldest first": rows.length, "of its own": place }[order];
            rows.splice(at, 0, `new ${made++}`);
          }
          return { data: rows.slice(offset, offset + step.size).map((hash) => ({ hash })) };
        });
        const ids = await read(way, openrouter(options).list());
        if (ids === "endless") throw new Error("nothing goes round in circles here");
        complete(ids, throughout);
        if (steps.length === 0) expect(requests()).toBeLessThanOrEqual(Math.ceil(count / 3) + 3);
      },
    ),
    property(
      "by offset has every key once, of a quiet server, even where a page has room for one",
      fc.record({ rows: fc.nat(20), size: fc.integer({ min: 1, max: 7 }), way: ways }),
      async ({ rows, size, way }) => {
        const { options, requests } = served((url) => {
          const offset = Number(new URL(url).searchParams.get("offset") ?? 0);
          const length = Math.max(0, Math.min(size, rows - offset));
          return { data: Array.from({ length }, (_, index) => ({ hash: String(offset + index) })) };
        });
        expect(await read(way, openrouter(options).list())).toEqual(
          Array.from({ length: rows }, (_, at) => String(at)),
        );
        // Each page but the first begins with a row of the one before; the last has that one alone.
        const pages = size === 1 ? rows + 1 : rows < 2 ? rows + 1 : Math.ceil((rows - 1) / (size - 1)) + 1;
        expect(requests()).toBe(rows === 0 ? 1 : pages);
      },
    ),
    property(
      "by cursor has every key once, whatever is created and deleted meanwhile",
      fc.record({
        rows: fc.uniqueArray(fc.nat(200), { maxLength: 12 }),
        steps: fc.array(cursorStep, { maxLength: 12 }),
        end: fc.constantFrom(null, "", undefined),
        way: ways,
      }),
      async ({ rows: initial, steps, end, way }) => {
        let rows = [...initial].sort((a, b) => a - b);
        const throughout = new Set(rows);
        const { options, requests } = served((url, request) => {
          const after = Number(new URL(url).searchParams.get("pagination.page") ?? -1);
          const step = steps[request] ?? { size: 3, made: [], deleted: [], repeated: 0 };
          if (request > 0) {
            const gone = step.deleted.map((place) => rows[place]);
            for (const row of gone) if (row !== undefined) throughout.delete(row);
            rows = [...new Set([...rows.filter((row) => !gone.includes(row)), ...step.made])].sort((a, b) => a - b);
          }
          const behind = rows.filter((row) => row > after);
          const page = behind.slice(0, step.size);
          const more = behind.length > page.length;
          const last = page.at(-1);
          const repeated = step.repeated ? rows.filter((row) => row <= after).slice(-step.repeated) : [];
          const ids = [...repeated, ...page].map(String);
          return { api_keys: ids.map((id) => ({ id })), pagination: { next_page: more ? String(last) : end } };
        });
        const ids = await read(way, cockroach(options).list());
        expect(requests()).toBeLessThanOrEqual(201);
        if (ids === "endless") throw new Error("nothing goes round in circles here");
        complete(ids, [...throughout].map(String));
      },
    ),
    property(
      "in one piece has every key once",
      fc.record({ rows: fc.array(fc.nat(12)), way: ways }),
      async ({ rows, way }) => {
        const { options } = served(() => rows.map((row) => ({ token: "", tokenHash: String(row) })));
        const ids = await read(way, estuary(options).list());
        expect(ids).toEqual([...new Set(rows.map(String))]);
      },
    ),
    property(
      "of a server that goes round in circles is an error soon, not a loop",
      fc.record({
        // A page with one row of its own is what the end of a list looks like.
        circle: fc.array(fc.uniqueArray(fc.nat(5).map(String), { minLength: 2, maxLength: 3 }), {
          minLength: 1,
          maxLength: 6,
        }),
        // Where there are cursors: from when on they repeat.
        cursors: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 6 })),
        empty: fc.boolean(),
        kind: fc.constantFrom("offset", "cursor"),
        way: ways,
      }),
      async ({ circle, cursors, empty, kind, way }) => {
        const { options, requests } = served((_, request) => {
          // Beyond the first round a server may also have nothing any more but ever new cursors.
          const page = empty && kind === "cursor" && request >= circle.length ? [] : circle[request % circle.length];
          const next_page = `cursor ${request % cursors}`;
          const rows = page?.map((id) => ({ hash: id, id }));
          return { data: rows, api_keys: rows, pagination: { next_page } };
        });
        const keys = kind === "offset" ? openrouter(options) : cockroach(options);
        expect(await read(way, keys.list())).toBe("endless");
        // Each of six keys may be found late.
        expect(requests()).toBeLessThanOrEqual(6 * 17);
        if (kind === "cursor") expect(requests()).toBeLessThanOrEqual(cursors + 1);
      },
    ),
  ],
};
