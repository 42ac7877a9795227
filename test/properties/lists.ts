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

/** What the server has shown so far, and whether two pages in a row, none of them the last, brought nothing new. */
class Shown {
  readonly #ids = new Set<string>();
  #barren = 0;
  stuck = false;

  add(page: readonly string[]): void {
    const before = this.#ids.size;
    for (const id of page) this.#ids.add(id);
    this.#barren = this.#ids.size > before ? 0 : this.#barren + 1;
    this.stuck ||= this.#barren >= 2;
  }
}

function complete(ids: readonly string[], throughout: Iterable<string>): void {
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining([...throughout]));
}

/** Before each page, keys are made, at these places in the list; the page has so many rows. */
const offsetStep = fc.record({ size: fc.integer({ min: 1, max: 4 }), made: fc.array(fc.nat(12), { maxLength: 2 }) });

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
      "by offset has every key once, however it is cut, and whatever is created meanwhile",
      fc.record({
        rows: fc.array(fc.nat(12), { maxLength: 12 }),
        steps: fc.array(offsetStep, { maxLength: 12 }),
        way: ways,
      }),
      async ({ rows: initial, steps, way }) => {
        // A number that comes twice is a key that the server lists twice.
        const rows = initial.map(String);
        const shown = new Shown();
        let made = 0;
        const { options, requests } = served((url, request) => {
          const offset = Number(new URL(url).searchParams.get("offset") ?? 0);
          const step = steps[request] ?? { size: 3, made: [] };
          if (request > 0) for (const place of step.made) rows.splice(place, 0, `new ${made++}`);
          const page = rows.slice(offset, offset + step.size);
          if (page.length > 0) shown.add(page);
          return { data: page.map((hash) => ({ hash })) };
        });
        const ids = await read(way, openrouter(options).list());
        expect(requests()).toBeLessThanOrEqual(rows.length + 1);
        if (shown.stuck) expect(ids).toBe("endless");
        else if (ids === "endless") throw new Error("each page but one brought something new");
        else complete(ids, new Set(initial.map(String)));
        // One new key is no false alarm.
        if (made <= 1 && new Set(initial).size === initial.length) expect(shown.stuck).toBe(false);
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
        const shown = new Shown();
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
          if (more) shown.add(ids);
          return { api_keys: ids.map((id) => ({ id })), pagination: { next_page: more ? String(last) : end } };
        });
        const ids = await read(way, cockroach(options).list());
        expect(requests()).toBeLessThanOrEqual(201);
        if (ids === "endless") expect(shown.stuck).toBe(true);
        else complete(ids, [...throughout].map(String));
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
        circle: fc.array(fc.array(fc.nat(5).map(String), { minLength: 1, maxLength: 3 }), {
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
        expect(requests()).toBeLessThanOrEqual(circle.length + 2);
        if (kind === "cursor") expect(requests()).toBeLessThanOrEqual(cursors + 1);
      },
    ),
  ],
};
