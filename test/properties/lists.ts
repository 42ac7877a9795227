/** Promise 7: lists are complete, hold no key twice, and end, whatever happens while they are walked. */
import fc, { type JsonValue } from "fast-check";
import { expect } from "vitest";
import { api as openrouterApi } from "../../generated/openrouter/api.js";
import type { Api, Pagination } from "../../src/api.js";
import { connect } from "../../src/connection.js";
import {
  cockroach,
  estuary,
  InvalidResponseError,
  openrouter,
  unleash,
  type ClientOptions,
  type KeyList,
} from "../../src/index.js";
import { toApiKey } from "../../src/key.js";
import { sha256 } from "../../src/sha256.js";
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

/** The list of an API that is like OpenRouter's but for how it is paged, and an envelope around its answers. */
function listOf(pagination: Pagination, enveloped: boolean, options: ClientOptions): KeyList {
  const { operations } = openrouterApi;
  const api: Api<"openrouter", "listApiKeys"> = {
    ...openrouterApi,
    ...(enveloped && { envelope: { success: "/success", result: "/data" } }),
    operations: { listApiKeys: { ...operations.listApiKeys, pagination } },
  };
  return connect(api, options).list("listApiKeys", {}, {}, (row) => toApiKey(api, row));
}

interface Told {
  /** What the server gives as the place of the next page. */
  next: unknown;
  /** The same where it says whether there is one. */
  more: unknown;
}

/** Each way to say where the next page begins: by a place that stays, whatever becomes of other rows. */
const CURSORS: Record<string, { pagination: Pagination; tell: (told: Told) => { body?: object; link?: string } }> = {
  "a cursor": {
    pagination: { style: "cursor", cursorParam: "after", nextCursor: "/page/next", items: "/data" },
    tell: ({ next }) => ({ body: { page: { next } } }),
  },
  "the last row": {
    pagination: {
      style: "cursor",
      cursorParam: "after",
      nextCursor: "/data/-1/hash",
      hasMore: "/has_more",
      items: "/data",
    },
    tell: ({ more }) => ({ body: { has_more: more } }),
  },
  "the Link header": {
    pagination: { style: "link", items: "/data" },
    tell: ({ next }) => ({ link: isText(next) ? `</keys>; rel=prev, <${linkTo(next)}>; rel="next"` : "</>; rel=prev" }),
  },
  "a link in the body": {
    pagination: { style: "body-link", nextLink: "/links/next", items: "/data" },
    tell: ({ next }) => ({ body: { links: { next: isText(next) ? linkTo(next) : next } } }),
  },
};
const cursorStyles = fc.constantFrom(...Object.keys(CURSORS));

function paginationOf(style: string): Pagination {
  if (style === "offset") return { style, offsetParam: "offset", items: "/data" };
  if (style === "page") return { ...NUMBERED, limit: { parameter: "per_page", least: 1, most: 20 } };
  return CURSORS[style]?.pagination ?? { style: "none", items: "/data" };
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const linkTo = (after: string) => `https://elsewhere.test/v9/keys?after=${encodeURIComponent(after)}#there`;

/** A page with these rows, in the way of a style. */
function pageOf(style: string, rows: unknown, told: Told, success: unknown = true): Response {
  const { body, link } = CURSORS[style]?.tell(told) ?? {};
  return Response.json({ success, data: rows, ...body }, { headers: link === undefined ? {} : { link } });
}

const NUMBERED = { style: "page", offsetParam: "page", items: "/data" } as const;
const rowsOf = (ids: readonly string[]) => ids.map((hash) => ({ hash }));

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
      "by cursor or link has every key once, whatever is created and deleted meanwhile",
      fc.record({
        style: cursorStyles,
        enveloped: fc.boolean(),
        rows: fc.uniqueArray(fc.nat(200), { maxLength: 12 }),
        steps: fc.array(cursorStep, { maxLength: 12 }),
        end: fc.constantFrom(null, "", undefined),
        way: ways,
      }),
      async ({ style, enveloped, rows: initial, steps, end, way }) => {
        let rows = [...initial].sort((a, b) => a - b);
        const throughout = new Set(rows);
        const { options, requests } = served((url, request) => {
          const after = Number(new URL(url).searchParams.get("after") ?? -1);
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
          return pageOf(style, rowsOf(ids), { next: more ? String(last) : end, more });
        });
        const ids = await read(way, listOf(paginationOf(style), enveloped, options));
        expect(requests()).toBeLessThanOrEqual(201);
        if (ids === "endless") throw new Error("nothing goes round in circles here");
        complete(ids, [...throughout].map(String));
      },
      { kinds: Object.keys(CURSORS).length },
    ),
    property(
      "by page number has every key that is there throughout, once, whatever is created and revoked meanwhile",
      fc.record({
        rows: fc.nat(90),
        sizes: fc.constantFrom({ least: 1, most: 20 }, { least: 5, most: 50 }, { least: 10, most: 100 }),
        given: fc.integer({ min: 20, max: 60 }),
        order: fc.constantFrom("newest first" as const, "oldest first" as const, "of its own" as const),
        steps: fc.array(fc.record({ made: fc.array(fc.nat(90), { maxLength: 2 }), revoked: fc.array(fc.nat(90)) }), {
          maxLength: 25,
        }),
        enveloped: fc.boolean(),
        way: ways,
      }),
      async ({ rows: count, sizes: { least, most }, given, order, steps, enveloped, way }) => {
        const rows = Array.from({ length: count }, (_, index) => String(index));
        const throughout = new Set(rows);
        let made = 0;
        const { options, requests } = served((url, request) => {
          const asked = new URL(url).searchParams;
          const size = Number(asked.get("per_page"));
          const [page, room] = [Number(asked.get("page") ?? 1), Math.min(size, given)];
          if (size < least || size > most) throw new Error(`no page may have ${size} rows`);
          const step = request > 0 ? steps[request] : undefined;
          for (const place of step?.revoked.slice(0, 3) ?? []) {
            for (const row of rows.splice(place, 1)) throughout.delete(row);
          }
          for (const place of step?.made ?? []) {
            const at = { "newest first": 0, "oldest first": rows.length, "of its own": place }[order];
            rows.splice(at, 0, `new ${made++}`);
          }
          return { success: true, data: rowsOf(rows.slice((page - 1) * room, page * room)) };
        });
        const pagination = { ...NUMBERED, limit: { parameter: "per_page", least, most } };
        const ids = await read(way, listOf(pagination, enveloped, options));
        if (ids === "endless") throw new Error("nothing goes round in circles here");
        complete(ids, throughout);
        // Each page but the first has a row of the one before.
        if (steps.length === 0)
          expect(requests()).toBeLessThanOrEqual(Math.ceil(count / (Math.min(most, given) / 2)) + 2);
      },
      { kinds: 3 },
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
      "whose keys have no id but their plaintext has each key once, by its hash, and shows no plaintext",
      fc.record({ rows: fc.array(fc.nat(12)), way: ways }),
      async ({ rows, way }) => {
        const secrets = rows.map((row) => `default:production.${String(row).padStart(56, "0123456789abcdef")}`);
        const tokens = secrets.map((secret) => ({ secret, tokenName: secret.slice(-20), alias: `${secret}-alias` }));
        const { options } = served(() => ({ tokens }));
        const list = unleash({ ...options, baseUrl: "https://unleash.test" }).list();
        expect(await read(way, list)).toEqual([...new Set(secrets)].map(sha256));
        expect(JSON.stringify((await list.toArray()).map(({ raw }) => raw))).not.toMatch(/alias|secret|default:/);
      },
    ),
    property(
      "of a server that says anything ends, or is an InvalidResponseError, soon",
      fc.record({
        style: fc.constantFrom("offset", "page", "none", ...Object.keys(CURSORS)),
        pages: fc.array(
          fc.record({
            rows: fc.oneof(
              {
                weight: 5,
                arbitrary: fc.array(
                  fc.nat(5).map((id) => ({ hash: String(id) })),
                  { maxLength: 4 },
                ),
              },
              { weight: 1, arbitrary: fc.jsonValue() },
              { weight: 1, arbitrary: fc.array(fc.oneof(fc.jsonValue(), fc.record({ hash: fc.jsonValue() }))) },
            ),
            next: fc.oneof(fc.jsonValue(), fc.nat(9).map(String)),
            more: fc.oneof(fc.constantFrom<JsonValue[]>(true, false), fc.jsonValue()),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        enveloped: fc.boolean(),
        way: ways,
      }),
      async ({ style, pages, enveloped, way }) => {
        const { options, requests } = served((_, request) => {
          const { rows, ...told } = pages[request % pages.length] ?? { rows: [], next: null, more: false };
          return pageOf(style, rows, told);
        });
        const ids = await read(way, listOf(paginationOf(style), enveloped, options)).catch((error: unknown) => {
          if (!(error instanceof InvalidResponseError)) throw error;
          expect(error.message).toMatch(/^openrouter listApiKeys: [a-z]/);
          return [];
        });
        if (ids !== "endless") complete(ids, []);
        expect(requests()).toBeLessThanOrEqual(300);
      },
      { kinds: 7 },
    ),
    property(
      "of a server that says in no way that can be read where more follows is an error, not a list that is cut off",
      fc.record({
        style: fc.constantFrom("a cursor", "a link in the body"),
        before: fc.nat(3),
        odd: fc.constantFrom<JsonValue[]>(true, {}, [], ["a"], 1.5, -1e300),
        way: ways,
      }),
      async ({ style, before, odd, way }) => {
        const { options, requests } = served((_, request) => {
          const isOdd = request === before;
          return pageOf(style, rowsOf([String(request)]), { next: isOdd ? odd : String(request), more: true });
        });
        await expect(read(way, listOf(paginationOf(style), false, options))).rejects.toThrow("cannot be read");
        expect(requests()).toBe(before + 1);
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
