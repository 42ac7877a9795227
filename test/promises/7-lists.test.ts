import { describe, expect, it } from "vitest";
import { cockroach, InvalidResponseError, openai, openaiproject, openrouter } from "../../src/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { atMost, served } from "../helpers/pages.js";
import { count, failureOf, through } from "../helpers/providers.js";

const key = (hash: string) => ({ hash, name: hash, disabled: false, created_at: "2027-01-01T00:00:00Z" });

/** An OpenRouter whose list is cut into pages by `pageAt(offset)`. */
function listing(pageAt: (offset: number, request: number) => unknown[]) {
  const offsets: number[] = [];
  const { options } = served((url, request) => {
    const offset = Number(new URL(url).searchParams.get("offset") ?? 0);
    offsets.push(offset);
    return { data: pageAt(offset, request) };
  });
  return { list: openrouter(options).list(), offsets };
}

describe("a list is complete and ends:", () => {
  it("10,000 keys come page by page, and pages are not held", async () => {
    const sandbox = createSandbox();
    for (let index = 1; index < 10_000; index++) sandbox.issue("openrouter", { name: `key ${index}` });
    const keys = openrouter({ ...through(sandbox, "openrouter"), fetch: atMost(200, sandbox.fetch) });
    let seen = 0;
    let previous: WeakRef<object> | undefined;
    for await (const page of keys.list().pages()) {
      seen += page.length;
      // At most one page is asked for ahead of what was taken.
      expect(count(sandbox, "openrouter.listApiKeys")).toBe(Math.ceil((seen - 1) / 99));
      previous = new WeakRef(page);
    }
    expect(seen).toBe(10_000);
    expect(previous).toBeDefined();
    // One more for the end, since each page repeats the last row of the one before.
    expect(count(sandbox, "openrouter.listApiKeys")).toBe(102);
  });

  it("for await, pages() and toArray() give the same keys", async () => {
    const sandbox = createSandbox({ pageSize: 3 });
    for (let index = 0; index < 7; index++) sandbox.issue("openrouter");
    const list = openrouter(through(sandbox, "openrouter")).list();
    const one: string[] = [];
    for await (const { id } of list) one.push(id);
    const pages: string[] = [];
    for await (const page of list.pages()) pages.push(...page.map(({ id }) => id));
    const all = (await list.toArray()).map(({ id }) => id);
    expect(one).toEqual(all);
    expect(pages).toEqual(all);
    expect(new Set(all).size).toBe(8);
  });

  it("stopping early asks for no further page", async () => {
    const sandbox = createSandbox({ pageSize: 2 });
    for (let index = 0; index < 7; index++) sandbox.issue("openrouter");
    const found: string[] = [];
    for await (const { id } of openrouter(through(sandbox, "openrouter")).list()) {
      found.push(id);
      break;
    }
    expect(found).toHaveLength(1);
    expect(count(sandbox, "openrouter.listApiKeys")).toBe(1);
  });

  it("a server that repeats itself for ever is an error", async () => {
    const { list, offsets } = listing(() => [key("a"), key("b")]);
    expect(await failureOf(list.toArray())).toBeInstanceOf(InvalidResponseError);
    expect(offsets.length).toBeLessThan(20);
  });

  it.each([
    { given: "none", rows: 0, requests: 1 },
    { given: "one", rows: 1, requests: 2 },
    { given: "less than a page", rows: 99, requests: 2 },
    { given: "a page", rows: 100, requests: 2 },
    { given: "more than a page", rows: 150, requests: 3 },
    { given: "two pages", rows: 200, requests: 4 },
  ])("a quiet list of $given takes $requests requests", async ({ rows, requests }) => {
    const all = Array.from({ length: rows }, (_, index) => key(`k${index}`));
    const { list, offsets } = listing((offset) => all.slice(offset, offset + 100));
    expect(await list.toArray()).toHaveLength(rows);
    expect(offsets).toHaveLength(requests);
  });

  it.each(["the last that was read", "an earlier one", "all that were read"])(
    "revoking %s while the list is read hides none",
    async (which) => {
      let all = ["a", "b", "c", "d", "e", "f"];
      const gone = { "the last that was read": ["c"], "an earlier one": ["a"] }[which] ?? ["a", "b", "c"];
      const { list } = listing((offset, request) => {
        if (request === 1) all = all.filter((id) => !gone.includes(id));
        return all.slice(offset, offset + 3).map(key);
      });
      expect((await list.toArray()).map(({ id }) => id)).toEqual(["a", "b", "c", "d", "e", "f"]);
    },
  );

  it("one key, and another that is made before each further page, are no false alarm", async () => {
    let all = ["a"];
    const { list } = listing((offset, request) => {
      if (request > 0 && request < 4) all = [`new ${request}`, ...all];
      return all.slice(offset, offset + 100).map(key);
    });
    expect((await list.toArray()).map(({ id }) => id)).toContain("a");
  });

  it("a key that is created during the walk is no false alarm", async () => {
    // Newest first, two a page: what is created between two pages moves a row of the first to the second.
    let all = ["d", "c", "b", "a"];
    const { list } = listing((offset, request) => {
      if (request === 1) all = ["e", ...all];
      return all.slice(offset, offset + 2).map(key);
    });
    expect((await list.toArray()).map(({ id }) => id)).toEqual(["d", "c", "b", "a"]);
  });

  it("one that makes the last page repeat a key is none either", async () => {
    let all = ["b", "a"];
    const { list } = listing((offset, request) => {
      if (request === 1) all = ["c", ...all];
      return all.slice(offset, offset + 2).map(key);
    });
    expect((await list.toArray()).map(({ id }) => id)).toEqual(["b", "a"]);
  });

  it.each([
    { data: null },
    { data: {} },
    {},
    [],
    { data: [7] },
    { data: [null] },
    { data: [{}] },
    { data: [{ hash: 7 }] },
    [[]],
    [[key("a")]],
  ])("%j is no list of keys", async (body) => {
    const { options } = served(() => body);
    expect(await failureOf(openrouter(options).list().toArray())).toBeInstanceOf(InvalidResponseError);
  });

  it.each([
    { title: "null", next: null },
    { title: "empty", next: "" },
    { title: "absent", next: undefined },
    { title: "false", next: false },
  ])("a cursor that is $title ends it", async ({ next }) => {
    const { options } = served(() => ({ api_keys: [{ id: "a" }], pagination: { next_page: next } }));
    expect(await cockroach(options).list().toArray()).toHaveLength(1);
  });

  it.each([[{}], [["next"]], [true], [12.5], [2 ** 53]])(
    "a cursor of %j, which cannot be said back, is an error",
    async (next) => {
      const { options, requests } = served(() => ({ api_keys: [{ id: "a" }], pagination: { next_page: next } }));
      expect(await failureOf(cockroach(options).list().toArray())).toMatchObject({
        kind: "invalid-response",
        message: expect.stringContaining("where the next page is cannot be read") as string,
      });
      expect(requests()).toBe(1);
    },
  );

  it.each([
    { title: "null", last_id: null },
    { title: "missing", last_id: undefined },
  ])("more keys, and a cursor that is $title, is an error: they would be left out", async ({ last_id }) => {
    const { options } = served(() => ({ data: [{ id: "key_a" }], has_more: true, last_id }));
    expect(
      await failureOf(
        openaiproject({ ...options, project: "proj_1" })
          .list()
          .toArray(),
      ),
    ).toMatchObject({
      kind: "invalid-response",
      message: expect.stringContaining("says that there are more keys, and not where") as string,
    });
  });

  it.each([400, 404, 410])(
    "revoking the row that a cursor names, which is then refused with %d, hides none",
    async (status) => {
      let all = ["a", "b", "c", "d", "e"];
      const { options } = served((url, request) => {
        if (request === 1) all = all.filter((id) => id !== "b");
        const after = new URL(url).searchParams.get("after");
        if (after !== null && !all.includes(after))
          return Response.json({ error: { message: "No such key" } }, { status });
        const from = after === null ? 0 : all.indexOf(after) + 1;
        return { data: all.slice(from, from + 2).map((id) => ({ id })), has_more: from + 2 < all.length };
      });
      expect((await openai(options).list().toArray()).map(({ id }) => id)).toEqual(["a", "b", "c", "d", "e"]);
    },
  );

  it("a cursor that is refused again and again is the server's own error", async () => {
    const { options, requests } = served((_, request) =>
      request % 2 === 0
        ? { data: [{ id: "a" }], has_more: true }
        : Response.json({ error: { message: "bad cursor" } }, { status: 400 }),
    );
    expect(await failureOf(openai(options).list().toArray())).toMatchObject({ kind: "bad-request", status: 400 });
    expect(requests()).toBe(4);
  });

  it("a repeated cursor is an error at once", async () => {
    const { options, requests } = served((_, request) => ({
      api_keys: [{ id: `${request}` }],
      pagination: { next_page: "again" },
    }));
    expect(await failureOf(cockroach(options).list().toArray())).toBeInstanceOf(InvalidResponseError);
    expect(requests()).toBe(2);
  });

  it("new cursors to empty pages are an error, too", async () => {
    const { options, requests } = served((_, request) => ({ api_keys: [], pagination: { next_page: `${request}` } }));
    expect(await failureOf(cockroach(options).list().toArray())).toBeInstanceOf(InvalidResponseError);
    expect(requests()).toBeLessThan(20);
  });

  it("filters, and the caller's options, go with every page", async () => {
    const sandbox = createSandbox();
    const serviceAccountId = sandbox.serviceAccounts.auditor;
    for (let index = 0; index < 5; index++) sandbox.issue("cockroach", { serviceAccountId });
    sandbox.issue("cockroach");
    const asOfTime = new Date(Date.now() + 1_000).toISOString();
    const filter = { serviceAccountId, sortOrder: "DESC", asOfTime, pageSize: 2 } as const;
    const found = await cockroach(through(sandbox, "cockroach"))
      .list(filter, { headers: { "Cc-Username": "test" } })
      .toArray();
    expect(found).toHaveLength(5);
    const queries = sandbox.requests.map(({ query }) => query);
    expect(queries).toHaveLength(3);
    for (const query of queries) {
      expect(query).toMatchObject({
        service_account_id: serviceAccountId,
        "pagination.sort_order": "DESC",
        "pagination.as_of_time": asOfTime,
        "pagination.limit": "2",
      });
    }
  });

  it("disabled and expired keys come when asked for", async () => {
    const sandbox = createSandbox();
    sandbox.issue("openrouter", { name: "off", disabled: true });
    sandbox.issue("openrouter", { name: "over", expiresAt: "2020-01-01T00:00:00Z" });
    const keys = openrouter(through(sandbox, "openrouter"));
    const names = async (filter: Parameters<typeof keys.list>[0]) =>
      (await keys.list(filter).toArray()).map(({ name }) => name);
    expect(await names({})).not.toContain("off");
    expect(await names({ includeDisabled: true })).toContain("off");
    expect(await names({ includeExpired: true })).toContain("over");
  });
});
