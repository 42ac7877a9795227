import { describe, expect, it } from "vitest";
import { openai, rotate, type ClientOptions } from "../../../src/index.js";
import { createSandbox } from "../../conformance/sandbox.js";
import { failureOf, through } from "../../helpers/providers.js";
import { DAY, frozen } from "../../sandbox/calls.js";

describe("admin keys of OpenAI", () => {
  it("tell their times as RFC 3339, and live as long as is asked for", async () => {
    const { sandbox } = frozen("2026-01-14T12:00:00Z");
    const keys = openai(through(sandbox, "openai"));
    const made = await keys.create({ name: "ci", expiresIn: "30d" });
    expect(sandbox.requests.at(-1)?.body).toEqual({ name: "ci", expires_in_seconds: 30 * 86_400 });
    expect(made.secret.reveal()).toMatch(/^sk-admin-/);
    const times = { createdAt: "2026-01-14T12:00:00.000Z", expiresAt: "2026-02-13T12:00:00.000Z" };
    expect(made).toMatchObject({ name: "ci", ...times });
    expect(await keys.get(made.id)).toMatchObject({ id: made.id, ...times });
    const lasting = await keys.create({ name: "for ever" });
    expect(lasting).not.toHaveProperty("expiresAt");
  });

  it.each(["", "0s", "-1h", "soon", "1e3s"])(
    "a lifetime of %j is refused before anything is sent",
    async (expiresIn) => {
      const sandbox = createSandbox();
      const failure = await failureOf(openai(through(sandbox, "openai")).create({ name: "ci", expiresIn }));
      expect(failure).toMatchObject({ kind: "bad-request", message: expect.stringContaining("expiresIn") as string });
      expect(sandbox.requests).toEqual([]);
    },
  );

  it("are listed to the end, whichever way, by the id of the last one of a page", async () => {
    const sandbox = createSandbox();
    const issued = ["a", "b", "c"].map((name) => sandbox.issue("openai", { name }).id);
    const keys = openai(through(sandbox, "openai"));
    const ids = async (filter: Parameters<typeof keys.list>[0]) =>
      (await keys.list(filter).toArray()).map(({ id }) => id);
    expect((await ids({ pageSize: 2 })).slice(1)).toEqual(issued);
    expect((await ids({ pageSize: 2, order: "desc" })).slice(0, 3)).toEqual([...issued].reverse());
    expect(sandbox.requests.map(({ query }) => query["after"])).toEqual([undefined, issued[0], undefined, issued[1]]);
  });

  it("that the server says it has not deleted are not told as revoked", async () => {
    const fetch: ClientOptions["fetch"] = () => Promise.resolve(Response.json({ id: "key_a", deleted: false }));
    const failure = await failureOf(openai({ apiKey: "not-a-real-key", fetch }).revoke("key_a"));
    expect(failure).toMatchObject({ kind: "server" });
  });

  it("a plaintext is no id", async () => {
    const sandbox = createSandbox();
    const failure = await failureOf(openai(through(sandbox, "openai")).revoke(sandbox.credentials.openai));
    expect(failure).toMatchObject({ kind: "bad-request" });
    expect(sandbox.requests).toEqual([]);
  });
});

describe("rotating an admin key of OpenAI", () => {
  it("replaces the one in use, with what is left of its life", async () => {
    const { sandbox, clock } = frozen("2026-01-14T12:00:00Z");
    const expiresAt = new Date(clock.ms + 10 * DAY);
    const { id, secret } = sandbox.issue("openai", { name: "admin", expiresAt });
    let stored = secret;
    const keys = openai({ ...through(sandbox, "openai"), apiKey: () => stored });
    const store = (next: { reveal: () => string }) => void (stored = next.reveal());
    const { new: made, retired } = await rotate(keys, id, { store, read: () => stored });
    expect(retired).toBe("revoked");
    expect(made).toMatchObject({ name: "admin", expiresAt: expiresAt.toISOString() });
    expect((await keys.list().toArray()).map((key) => key.id)).not.toContain(id);
    expect((await keys.get(made.id)).id).toBe(made.id);
  });

  it("stops where the successor would live for another time than was asked for", async () => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("openai", { name: "admin" });
    const { fetch, ...options } = through(sandbox, "openai");
    const keys = openai({
      ...options,
      fetch: async (url, init) => {
        const response = (await fetch?.(url, init)) ?? Response.error();
        if (init.method !== "POST") return response;
        const key = (await response.json()) as { created_at: number };
        return Response.json({ ...key, expires_at: key.created_at + 3600 }, response);
      },
    });
    const failure = await failureOf(rotate(keys, id, { store: (next) => void next.reveal() }));
    expect(failure).toMatchObject({ step: "create", message: expect.stringContaining("lifetime") as string });
    expect(sandbox.keys("openai").map((key) => key.id)).toContain(id);
  });

  it("revokes nothing where the ends of the stored plaintext fit two keys", async () => {
    const sandbox = createSandbox();
    const [old, other] = [sandbox.issue("openai"), sandbox.issue("openai")];
    const { fetch, ...options } = through(sandbox, "openai");
    const redacted = `sk-admin...${old.secret.slice(-3)}`;
    const keys = openai({
      ...options,
      fetch: async (url, init) => {
        const response = (await fetch?.(url, init)) ?? Response.error();
        const text = await response.text();
        return new Response(text.replace(/sk-admin\.\.\.\w{3}/g, redacted), response);
      },
    });
    const store = (next: { reveal: () => string }) => void next.reveal();
    const failure = await failureOf(rotate(keys, old.id, { store, read: () => old.secret }));
    expect(failure).toMatchObject({ valid: expect.arrayContaining([old.id]) as string[] });
    const left = sandbox.keys("openai").map((key) => key.id);
    expect(left).toEqual(expect.arrayContaining([old.id, other.id]));
  });
});
