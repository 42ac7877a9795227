/** Promises 2, 4 and 6: no answer crashes the reading, and a secret that has arrived is delivered. */
import fc, { type JsonValue } from "fast-check";
import { expect } from "vitest";
import {
  audit,
  cloudflare,
  cockroach,
  CreateOutcomeUnknownError,
  estuary,
  isKeysmithError,
  openai,
  openaiproject,
  openrouter,
  Secret,
  unleash,
  type ApiKey,
  type ClientOptions,
} from "../../src/index.js";
import { sha256 } from "../../src/sha256.js";
import { atMost } from "../helpers/pages.js";
import { property, type Topic } from "./property.js";
import { anyText } from "./texts.js";

const ACCOUNT = "00000000-0000-4000-8000-00000000000a";

const estuaryKey = {
  token: "",
  tokenHash: "hash",
  label: "ci",
  expiry: "2023-06-10T08:30:15.123456Z",
  isSession: false,
};
const openrouterKey = {
  ...{ hash: "hash", name: "ci", label: "sk-or-v1-0e6...1c96", created_at: "2025-08-24T10:30:00Z", updated_at: null },
  ...{ disabled: false, limit: 100, limit_remaining: 74.5, limit_reset: "monthly", include_byok_in_limit: false },
  ...{ expires_at: "2027-12-31T23:59:59Z", last_used_at: null, usage: 25.5, byok_usage: 17.38 },
};
const cockroachKey = {
  id: "CCDB1_id",
  name: "ci",
  service_account_id: ACCOUNT,
  created_at: "2022-03-22T20:23:11.285067Z",
};

const cloudflareKey = {
  ...{ id: "id", name: "ci", status: "active", issued_on: "2026-01-01T00:00:00Z", expires_on: "2099-01-01T00:00:00Z" },
  policies: [
    { id: "p", effect: "allow", resources: { "com.cloudflare.api.user.*": "*" }, permission_groups: [{ id: "g" }] },
  ],
  condition: { request_ip: { in: ["192.0.2.0/24"] } },
};
const enveloped = (result: JsonValue) => ({ success: true, errors: [], messages: [], result });

const openaiKey = {
  ...{ object: "api_key", id: "key_a", name: "ci", redacted_value: "sk-...abc", created_at: 1_767_225_600 },
  ...{ last_used_at: null, expires_at: 4_102_444_800, owner: { type: "user", user: { id: "user_a", name: "a" } } },
};
const openaiPage = { object: "list", data: [openaiKey], first_id: "key_a", last_id: "key_a", has_more: true };
const inProject = (o: ClientOptions) => openaiproject({ ...o, project: "proj_a" });

const unleashKey = {
  ...{ secret: "*:development.0123456789abcdef", tokenName: "ci", type: "client", environment: "development" },
  ...{
    project: "*",
    projects: ["*"],
    createdAt: "2026-01-01T00:00:00.000Z",
    expiresAt: null,
    alias: null,
    seenAt: null,
  },
};
const UNLEASH_ID = sha256(unleashKey.secret);
const ofUnleash = (o: ClientOptions) => unleash({ ...o, baseUrl: "https://unleash.test" });

interface Operation {
  name: string;
  call: (options: ClientOptions) => Promise<unknown>;
  /** What it is usually answered with. */
  body: JsonValue;
  /** Where a create's answer has the secret. */
  secret?: string;
}

const operations: Operation[] = [
  {
    name: "estuary list",
    call: (o) => listed(estuary(o).list().toArray()),
    body: [estuaryKey, { ...estuaryKey, token: "EST-old-ARY", tokenHash: "" }],
  },
  {
    name: "estuary create",
    call: (o) => estuary(o).create({ name: "ci" }),
    body: { ...estuaryKey, token: "EST-new-ARY" },
    secret: "token",
  },
  { name: "estuary revoke", call: (o) => estuary(o).revoke("hash"), body: [estuaryKey] },
  { name: "estuary stats", call: (o) => estuary(o).stats(), body: { totalSize: 0, numPins: 0 } },
  {
    name: "estuary export",
    call: (o) => estuary(o).export(),
    body: { Version: "v0.0.1", Date: "2023-06-10T08:30:15Z", Version1: { Contents: [], Deals: [] } },
  },
  { name: "openrouter list", call: (o) => listed(openrouter(o).list().toArray()), body: { data: [openrouterKey] } },
  {
    name: "openrouter create",
    call: (o) => openrouter(o).create({ name: "ci" }),
    body: { data: openrouterKey, key: "sk-or-v1-new" },
    secret: "key",
  },
  { name: "openrouter get", call: (o) => openrouter(o).get("hash"), body: { data: openrouterKey } },
  { name: "openrouter update", call: (o) => openrouter(o).update("hash", { limit: 1 }), body: { data: openrouterKey } },
  { name: "openrouter revoke", call: (o) => openrouter(o).revoke("hash"), body: { deleted: true } },
  {
    name: "openrouter current",
    call: (o) => openrouter(o).current(),
    body: { data: { ...openrouterKey, is_free_tier: false } },
  },
  {
    name: "cockroach list",
    call: (o) => listed(cockroach(o).list().toArray()),
    body: { api_keys: [cockroachKey], pagination: { next_page: "opaque" } },
  },
  {
    name: "cockroach create",
    call: (o) => cockroach(o).create({ name: "ci", serviceAccountId: ACCOUNT }),
    body: { api_key: cockroachKey, secret: "CCDB1_id_secret" },
    secret: "secret",
  },
  { name: "cockroach get", call: (o) => cockroach(o).get("CCDB1_id"), body: cockroachKey },
  { name: "cockroach update", call: (o) => cockroach(o).update("CCDB1_id", { name: "ci" }), body: cockroachKey },
  { name: "cockroach revoke", call: (o) => cockroach(o).revoke("CCDB1_id"), body: cockroachKey },
  { name: "cloudflare list", call: (o) => listed(cloudflare(o).list().toArray()), body: enveloped([cloudflareKey]) },
  {
    name: "cloudflare create",
    call: (o) => cloudflare(o).create({ name: "ci", policies: [] }),
    body: enveloped({ ...cloudflareKey, value: "cfut_new" }),
    secret: "result.value",
  },
  { name: "cloudflare get", call: (o) => cloudflare(o).get("id"), body: enveloped(cloudflareKey) },
  {
    name: "cloudflare update",
    call: (o) => cloudflare(o).update("id", { name: "ci" }),
    body: enveloped(cloudflareKey),
  },
  { name: "cloudflare revoke", call: (o) => cloudflare(o).revoke("id"), body: enveloped({ id: "id" }) },
  {
    name: "cloudflare roll",
    call: (o) => cloudflare(o).roll("id"),
    body: enveloped("cfut_new"),
    secret: "result",
  },
  { name: "openai list", call: (o) => listed(openai(o).list().toArray()), body: openaiPage },
  {
    name: "openai create",
    call: (o) => openai(o).create({ name: "ci" }),
    body: { ...openaiKey, value: "sk-admin-new" },
    secret: "value",
  },
  { name: "openai get", call: (o) => openai(o).get("key_a"), body: openaiKey },
  { name: "openai revoke", call: (o) => openai(o).revoke("key_a"), body: { id: "key_a", deleted: true } },
  { name: "openaiproject list", call: (o) => listed(inProject(o).list().toArray()), body: openaiPage },
  {
    name: "openaiproject create",
    call: (o) => inProject(o).create({ name: "ci", serviceAccountId: "svc_acct_a" }),
    body: { ...openaiKey, value: "sk-new" },
    secret: "value",
  },
  {
    name: "openaiproject create with an account",
    call: (o) => inProject(o).create({ name: "ci" }),
    body: { id: "svc_acct_a", name: "ci", role: "member", api_key: { ...openaiKey, value: "sk-new" } },
    secret: "api_key.value",
  },
  { name: "openaiproject update", call: (o) => inProject(o).update("key_a", { scopes: [] }), body: openaiKey },
  { name: "unleash list", call: (o) => listed(ofUnleash(o).list().toArray()), body: { tokens: [unleashKey] } },
  {
    name: "unleash create",
    call: (o) => ofUnleash(o).create({ name: "ci", type: "client", environment: "development" }),
    body: unleashKey,
    secret: "secret",
  },
  {
    name: "unleash update",
    call: (o) => ofUnleash(o).update(UNLEASH_ID, { expiresAt: "2099-01-01T00:00:00Z" }),
    body: { tokens: [unleashKey] },
  },
  { name: "unleash revoke", call: (o) => ofUnleash(o).revoke(UNLEASH_ID), body: { tokens: [unleashKey] } },
  { name: "cloudflare current", call: (o) => cloudflare(o).current(), body: enveloped({ id: "id", status: "active" }) },
];

const errors: JsonValue[] = [
  { error: { code: 401, reason: "ERR_INVALID_TOKEN", details: "api key does not exist" } },
  { error: "ERR_INVALID_TOKEN", details: "" },
  { error: { code: 401, message: "Missing Authentication header", metadata: null } },
  { code: 16, message: "unauthenticated", details: [] },
  { success: false, errors: [{ code: 1000, message: "Invalid API Token" }], messages: [], result: null },
  {
    id: "9c40958a",
    name: "UnauthorizedError",
    message: "You must log in.",
    details: [{ message: "You must log in." }],
  },
];

/** What is listed is audited, too. */
async function listed(keys: Promise<ApiKey[]>): Promise<ApiKey[]> {
  audit(await keys, { maxAgeDays: 1, maxUnusedDays: 1, maxSpentShare: 0.5 }, { now: 0 });
  return keys;
}

// Names that mean something to a reader, or to JavaScript.
const NAMES = "data key token secret api_key api_keys pagination next_page hash tokenHash id".split(" ");
const TRAPS = "__proto__ constructor toString toJSON then length reveal error message code".split(" ");

interface Edit {
  /** Which of all places. */
  at: number;
  how: "remove" | "replace" | "rename" | "add";
  name: string;
  value: JsonValue;
}
const values = fc.oneof(fc.jsonValue(), fc.constantFrom<JsonValue[]>(null, "", [], {}, 0, true, ...errors));
const edits: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(100),
  how: fc.constantFrom("remove", "replace", "rename", "add"),
  name: fc.constantFrom(...NAMES, ...TRAPS),
  value: values,
});

/** A copy in which one place is another. */
function edited(body: JsonValue, { at, how, name, value }: Edit): JsonValue {
  const places: { holder: Record<string, JsonValue>; key: string }[] = [];
  const visit = (holder: Record<string, JsonValue>, key: string) => {
    places.push({ holder, key });
    const inner = holder[key];
    // An array is an object with numbers for names.
    if (typeof inner !== "object" || inner === null) return;
    for (const key of Object.keys(inner)) visit(inner as Record<string, JsonValue>, key);
  };
  const root: Record<string, JsonValue> = { body: structuredClone(body) };
  visit(root, "body");
  const { holder, key } = places[at % places.length] ?? { holder: root, key: "body" };
  const old = holder[key] ?? null;
  const define = (name: string, value: JsonValue) =>
    Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
  if (how === "remove" || how === "rename") Reflect.deleteProperty(holder, key);
  if (how === "replace") define(key, value);
  if (holder !== root && !Array.isArray(holder) && (how === "rename" || how === "add"))
    define(name, how === "add" ? value : old);
  return root["body"] ?? null;
}

const mutated = (bodies: fc.Arbitrary<JsonValue>) =>
  fc.tuple(bodies, fc.array(edits, { maxLength: 4 })).map(([body, all]) => all.reduce(edited, body));

interface Answer {
  name: string;
  status: number;
  body: string;
  type: string;
}

const answers: fc.Arbitrary<Answer> = fc.constantFrom(...operations.map(({ name }) => name)).chain((name) => {
  const usual = operations.find((one) => one.name === name)?.body ?? null;
  const answered = (status: fc.Arbitrary<number>, expected: fc.Arbitrary<JsonValue>) => {
    const json = fc.oneof(
      { weight: 4, arbitrary: mutated(expected) },
      { weight: 1, arbitrary: mutated(fc.constantFrom(...operations.map(({ body }) => body))) },
      { weight: 1, arbitrary: fc.jsonValue() },
    );
    const body = fc.oneof(
      { weight: 9, arbitrary: json.map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: anyText },
    );
    const type = fc.constantFrom("application/json", "text/html", "");
    return fc.record({ name: fc.constant(name), status, body, type });
  };
  return fc.oneof(
    answered(fc.oneof(fc.constantFrom(200, 201), fc.integer({ min: 200, max: 299 })), fc.constant(usual)),
    answered(fc.integer({ min: 300, max: 599 }), fc.constantFrom(...errors)),
  );
});

const odd: JsonValue[] = [{}, [], 7, null, true, "", [""]];
const examples = [
  ...["", "<html>", "null"],
  ...odd.map((value) => JSON.stringify({ message: value, code: value, details: value })),
  ...odd.map((value) => JSON.stringify({ error: { message: value, code: value, reason: value, details: value } })),
  ...odd.map((value) => JSON.stringify({ error: value, message: value })),
].map((body) => ({ name: "openrouter get", body, status: 400, type: "" }));

/** An error is one that its class documents. */
function checkError(error: unknown): void {
  if (!isKeysmithError(error)) throw new Error("it is no KeysmithError", { cause: error });
  const { name, kind, message, status, code, serverMessage, retryAfterMs } = error;
  expect([typeof name, typeof kind]).toEqual(["string", "string"]);
  expect(message).toMatch(/^[a-z]+ \w+: \S/s);
  expect(["undefined", "number"]).toContain(typeof status);
  if (typeof code !== "number") expect(code).not.toBe("");
  expect(["undefined", "number", "string"]).toContain(typeof code);
  if (serverMessage !== undefined) expect(serverMessage.length).toBeLessThanOrEqual(300);
  expect(serverMessage).not.toBe("");
  expect(retryAfterMs).toBeUndefined();
}

/** The secret that a create is answered with. */
function secretIn(text: string, place: string | undefined): string | undefined {
  if (place === undefined) return undefined;
  try {
    let found: unknown = JSON.parse(text);
    for (const name of place.split(".")) {
      const own = typeof found === "object" && found !== null && !Array.isArray(found) && Object.hasOwn(found, name);
      found = own ? (found as Record<string, unknown>)[name] : undefined;
    }
    return typeof found === "string" && found !== "" ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Whether an answer with a secret has something of an error, too, or its envelope does not say success. */
function saysError(text: string): boolean {
  const body = JSON.parse(text) as Record<string, unknown>;
  const enveloped = Object.hasOwn(body, "result");
  return Object.hasOwn(body, "error") || Object.hasOwn(body, "code") || (enveloped && body["success"] !== true);
}

/** More than any call needs, also where a list repeats itself. */
const MOST_REQUESTS = 20;

export const answerTopic: Topic = {
  topic: "an answer of any kind",
  properties: [
    property(
      "is read, or a KeysmithError; and what holds a new secret delivers it",
      answers,
      async (answer) => {
        const { name, body, status, type } = answer;
        const operation = operations.find((one) => one.name === name);
        let requests = 0;
        const fetch = atMost(2 * MOST_REQUESTS, () => {
          requests++;
          const hasNone = status === 204 || status === 205 || status === 304;
          return Promise.resolve(new Response(hasNone ? null : body, { status, headers: { "content-type": type } }));
        });
        const options = { apiKey: "not-a-real-key", fetch, maxRetries: 0 };
        const result = await operation?.call(options).then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        );
        expect(requests).toBeLessThanOrEqual(MOST_REQUESTS);

        const sent = status < 300 && status !== 204 && status !== 205 ? secretIn(body, operation?.secret) : undefined;
        if (sent !== undefined && saysError(body)) {
          // It says both: whether it was read as one or as the other, the type tells.
          expect([Object.keys(result ?? {})]).toContainEqual([expect.stringMatching(/^(value|error)$/)]);
        } else if (sent !== undefined) {
          const { value } = result as { value: Secret | { secret: Secret } };
          if (!(value instanceof Secret)) {
            expect(value).toMatchObject({ id: expect.any(String) as string, name: expect.any(String) as string });
          }
          expect((value instanceof Secret ? value : value.secret).reveal()).toBe(sent);
        } else if (operation?.secret !== undefined) expect(result).toHaveProperty("error");

        if (result && "error" in result) {
          const { error } = result;
          checkError(error);
          if (error instanceof CreateOutcomeUnknownError) {
            await error.candidates().catch(checkError);
          }
        }
      },
      { examples },
    ),
  ],
};
