import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { cockroach, rotate, type Secret } from "../../../src/index.js";
import { failureOf } from "../../helpers/providers.js";

const serviceAccountId = "00000000-0000-4000-8000-00000000000a";

/** An organization of one key whose answers to a create have no key, but a secret. */
function answering(secret: string) {
  const old = { id: "CCDB1_old", name: "ci", service_account_id: serviceAccountId, created_at: "2026-01-01T00:00:00Z" };
  const urls: string[] = [];
  const keys = cockroach({
    apiKey: "credential",
    maxRetries: 0,
    fetch: (url, { method = "GET" }) => {
      urls.push(`${method} ${url}`);
      if (method === "POST") return Promise.resolve(Response.json({ secret }));
      if (method === "DELETE") return Promise.resolve(Response.json({ code: 5, message: "no" }, { status: 404 }));
      return Promise.resolve(Response.json(url.endsWith(old.id) ? old : { api_keys: [old], pagination: {} }));
    },
  });
  return { keys, urls, old };
}

describe("CockroachDB Cloud: an answer to a create without the key", () => {
  it.each([
    { secret: "CCDB1_known_0123456789", id: "CCDB1_known" },
    { secret: "opaque-plaintext-0123456789", id: "" },
    { secret: "CCDB1_plaintextwithoutthird", id: "" },
    { secret: "other_shape_0123456789", id: "" },
  ])("takes the id from a plaintext of the known shape alone: $secret", async ({ secret, id }) => {
    const { keys, urls } = answering(secret);
    const made = await keys.create({ name: "ci", serviceAccountId });
    expect(made.id).toBe(id);
    expect(made.secret.reveal()).toBe(secret);
    expect(inspect(made, { depth: null }) + JSON.stringify(made)).not.toContain(secret);
    await keys.revoke(made).catch(() => undefined);
    expect(urls.join()).not.toContain(secret);
  });

  it("shows no plaintext in a rotation, which nobody can finish", async () => {
    const secret = "opaque-plaintext-0123456789";
    const { keys, urls, old } = answering(secret);
    const store = (given: Secret) => void given.reveal();
    const failure = await failureOf(rotate(keys, old.id, { store }));
    expect(failure).toMatchObject({ step: "create", valid: [old.id] });
    expect(inspect(failure, { depth: null }) + urls.join()).not.toContain(secret);
  });
});

it("CockroachDB Cloud: a JWT goes with the headers that say whose it is", async () => {
  const sent: Headers[] = [];
  const keys = cockroach({
    apiKey: "header.payload.signature",
    headers: { "Cc-Vanity-Name": "example-org", "Cc-Username": "example-user" },
    fetch: (_, init) => {
      sent.push(new Headers(init.headers));
      return Promise.resolve(Response.json({ api_keys: [] }));
    },
  });
  await keys.list().toArray();
  expect(sent.map((headers) => Object.fromEntries(headers))).toMatchObject([
    {
      authorization: "Bearer header.payload.signature",
      "cc-version": "2024-09-16",
      "cc-vanity-name": "example-org",
      "cc-username": "example-user",
    },
  ]);
});
