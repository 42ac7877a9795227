import { describe, expect, it } from "vitest";
import { cockroach, estuary, openrouter } from "../../src/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { through } from "../helpers/providers.js";

const answering = (body: unknown) => ({ apiKey: "not-a-real-key", fetch: () => Promise.resolve(Response.json(body)) });

describe("reading is tolerant:", () => {
  it("unknown fields are kept", async () => {
    const wire = { hash: "h", name: "n", disabled: false, brand_new: { deep: [1] } };
    expect((await openrouter(answering({ data: wire })).get("h")).raw).toEqual(wire);
  });

  it("a missing optional field is absent", async () => {
    expect(await openrouter(answering({ data: { hash: "h" } })).get("h")).toEqual({
      provider: "openrouter",
      id: "h",
      name: "",
      raw: { hash: "h" },
    });
  });

  it.each(["name", "created_at", "expires_at", "last_used_at", "disabled", "limit", "usage", "workspace_id"])(
    "a null %s breaks nothing",
    async (field) => {
      const sandbox = createSandbox();
      const { raw } = (await openrouter(through(sandbox, "openrouter")).list().toArray())[0] ?? {};
      const wire = { ...raw, [field]: null };
      const key = await openrouter(answering({ data: wire })).get(wire.hash ?? "");
      expect(key.raw).toEqual(wire);
      expect(Object.values(key)).not.toContain(null);
    },
  );

  it.each([
    {
      keys: () => estuary(answering([{ tokenHash: "h", token: null, label: null, expiry: null }])),
      want: { id: "h", name: "" },
    },
    {
      keys: () => estuary(answering([{ token: "EST-plain-ARY", expiry: "2027-01-01T00:00:00+02:00" }])),
      want: { name: "", expiresAt: "2027-01-01T00:00:00+02:00" },
    },
    {
      keys: () => cockroach(answering({ api_keys: [{ id: "h", created_at: "2022-03-22T20:23:11.285067Z" }] })),
      want: { id: "h", createdAt: "2022-03-22T20:23:11.285067Z" },
    },
  ])("a list of $want", async ({ keys, want }) => {
    const [key] = await keys().list().toArray();
    expect(key).toMatchObject(want);
    expect(JSON.stringify(key)).not.toContain("EST-plain-ARY");
  });

  it("a field whose name is a trap is a field", async () => {
    const wire = JSON.parse('{"hash":"h","__proto__":{"polluted":true},"constructor":1}') as object;
    const key = await openrouter(answering({ data: wire })).get("h");
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(key.raw).toHaveProperty("constructor", 1);
  });
});
