/** Operations as rows of a table: how each is called, and what a server that works answers. */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import {
  cockroach,
  estuary,
  openai,
  openaiproject,
  openrouter,
  Secret,
  type ApiKey,
  type ClientOptions,
  type CreatedApiKey,
  type KeyList,
} from "../../src/index.js";

/** What an operation is decides what may be done after it has failed. */
export type OperationClass = "read" | "update" | "revoke" | "create";

export interface Answer {
  status: number;
  /** As JSON. Undefined where the body is empty. */
  body: unknown;
}

export interface Operation {
  name: string;
  kind: OperationClass;
  operationId: string;
  /** Of its class others meet every fault in every run; this one does in the slow tier. */
  slow?: true;
  call: (options: ClientOptions) => Promise<unknown>;
  right: Answer;
  /** JSON pointers into the answer: to what was asked for; to a field that the key has to have; to another one. */
  pointers: { asked: string; id: string; other: string };
  /** Plaintext that the server is told, and quotes. */
  sent: readonly string[];
  /** Plaintext that it is not told. */
  unsent: readonly string[];
  /** Whether a result is what this body says. */
  says: (result: unknown, body: unknown) => boolean;
}

// Every form of these differs from the others: URL-encoded, JSON-escaped, base64.
export const CREDENTIAL = String.raw`not-a-real/credential+"quoted"\%41~`;
const NEW_TOKEN = String.raw`EST-not-a-real/new+"token"\%41~ARY`;
const OLD_TOKEN = String.raw`EST-not-a-real/old+"token"\%41~ARY`;
const CHOSEN = String.raw`sk-not-a-real/chosen+"key"\%41~`;
const OPENAI_VALUE = String.raw`sk-not-a-real/admin+"key"\%41~`;
const NEW_SECRET = String.raw`CCDB1_not-a-real_secret/+"quoted"\%41~`;

const WHO = "00000000-0000-4000-8000-00000000000a";
const UPDATED = { name: "renamed" };

const token = (hash: string) => ({ token: "", tokenHash: hash, label: "ci", expiry: "2099-01-01T00:00:00Z" });
const row = { hash: "a".repeat(64), name: "ci", created_at: "2026-01-01T00:00:00Z", disabled: false };
const listed = {
  id: "CCDB1_not-a-real",
  name: "ci",
  service_account_id: WHO,
  created_at: "2026-01-01T00:00:00.123456Z",
};

/** Estuary's list before a key is revoked, and after. Old servers show plaintext there. */
export const REVOKED_HASH = createHash("sha256").update(OLD_TOKEN).digest("base64url");
export const tokensLeft = [token("another-hash"), { ...token("third-hash"), token: NEW_TOKEN }];
export const tokensBefore = [...tokensLeft, token(REVOKED_HASH)];

const keyIs = (result: unknown, id: unknown, raw: object) =>
  isObject(result) && result["id"] === id && isDeepStrictEqual(result["raw"], raw);
const sameFields = (result: unknown, body: unknown) =>
  isObject(result) &&
  isObject(body) &&
  Object.entries(body).every(([name, value]) => isDeepStrictEqual(result[name], value));
const delivers = (secret: string) => (result: unknown) =>
  isObject(result) && result["secret"] instanceof Secret && result["secret"].reveal() === secret;
const nothing = (result: unknown) => result === undefined;

const reading = { kind: "read", sent: [CREDENTIAL], unsent: [] } as const;
const writing = { sent: [CREDENTIAL], unsent: [] } as const;
const openrouterKey = {
  right: { status: 200, body: { data: row } },
  pointers: { asked: "/data", id: "/data/hash", other: "/data/name" },
  says: (result: unknown, body: unknown) => {
    const data = at(body, "/data");
    return isObject(data) && keyIs(result, data["hash"], data);
  },
};
const cockroachKey = {
  right: { status: 200, body: listed },
  pointers: { asked: "", id: "/id", other: "/name" },
  says: (result: unknown, body: unknown) => isObject(body) && keyIs(result, body["id"], body),
};

const openaiRow = {
  object: "api_key",
  id: "key_a",
  name: "ci",
  redacted_value: "sk-...abc",
  created_at: 1_767_225_600,
};

interface OpenAIKeys {
  list: () => KeyList;
  create: (input: { name: string; serviceAccountId?: string }) => Promise<CreatedApiKey>;
  get: (id: string) => Promise<ApiKey>;
  revoke: (id: string) => Promise<void>;
}

const ofOpenAI = (provider: string, connect: (options: ClientOptions) => OpenAIKeys): Operation[] => [
  {
    ...reading,
    slow: true,
    name: `${provider}.list`,
    operationId: "listApiKeys",
    call: (options) => connect(options).list().toArray(),
    right: { status: 200, body: { object: "list", data: [openaiRow], has_more: false } },
    pointers: { asked: "/data", id: "/data/0/id", other: "/data/0/name" },
    says: (result, body) => sameRows(result, at(body, "/data"), "id"),
  },
  {
    ...writing,
    slow: true,
    name: `${provider}.create`,
    kind: "create",
    operationId: "createApiKey",
    call: (options) => connect(options).create({ name: "ci", serviceAccountId: "svc_acct_a" }),
    right: { status: 200, body: { ...openaiRow, value: OPENAI_VALUE } },
    pointers: { asked: "/value", id: "/id", other: "/name" },
    unsent: [OPENAI_VALUE],
    says: delivers(OPENAI_VALUE),
  },
  {
    ...reading,
    slow: true,
    name: `${provider}.get`,
    operationId: "getApiKey",
    call: (options) => connect(options).get(openaiRow.id),
    right: { status: 200, body: openaiRow },
    pointers: { asked: "", id: "/id", other: "/name" },
    says: (result, body) => isObject(body) && keyIs(result, body["id"], body),
  },
  {
    ...writing,
    slow: true,
    name: `${provider}.revoke`,
    kind: "revoke",
    operationId: "deleteApiKey",
    call: (options) => connect(options).revoke(openaiRow.id),
    right: { status: 200, body: { id: openaiRow.id, object: "api_key.deleted", deleted: true } },
    pointers: { asked: "/deleted", id: "/id", other: "/object" },
    says: nothing,
  },
];

export const operations: readonly Operation[] = [
  {
    ...reading,
    name: "estuary.list",
    operationId: "listApiKeys",
    call: (options) => estuary(options).list().toArray(),
    right: { status: 200, body: tokensLeft },
    pointers: { asked: "", id: "/0/tokenHash", other: "/0/label" },
    unsent: [NEW_TOKEN],
    says: (result, body) => {
      const shown = (Array.isArray(body) ? body : []).map((row: object) =>
        Object.fromEntries(Object.entries(row).filter(([name]) => name !== "token")),
      );
      return sameRows(result, shown, "tokenHash");
    },
  },
  {
    ...writing,
    name: "estuary.create",
    kind: "create",
    operationId: "createApiKey",
    call: (options) => estuary(options).create({ name: "ci", expiresIn: "30d" }),
    right: { status: 200, body: { ...token("new-hash"), token: NEW_TOKEN } },
    pointers: { asked: "/token", id: "/tokenHash", other: "/label" },
    unsent: [NEW_TOKEN],
    says: delivers(NEW_TOKEN),
  },
  {
    name: "estuary.revoke",
    kind: "revoke",
    operationId: "deleteApiKey",
    call: (options) => estuary(options).revoke(OLD_TOKEN),
    right: { status: 200, body: undefined },
    pointers: { asked: "", id: "", other: "" },
    // The server is told only the hash of the old one.
    unsent: [OLD_TOKEN, NEW_TOKEN],
    sent: [CREDENTIAL],
    says: nothing,
  },
  {
    ...reading,
    name: "estuary.stats",
    operationId: "getUserStats",
    call: (options) => estuary(options).stats(),
    right: { status: 200, body: { totalSize: 1, numPins: 2 } },
    pointers: { asked: "", id: "/totalSize", other: "/numPins" },
    says: sameFields,
  },
  {
    ...reading,
    name: "estuary.export",
    operationId: "exportUserData",
    call: (options) => estuary(options).export(),
    right: {
      status: 200,
      body: { Version: "v0.0.1", Date: "2026-01-01T00:00:00Z", Version1: { Contents: [], Deals: [] } },
    },
    pointers: { asked: "", id: "/Version", other: "/Date" },
    says: sameFields,
  },
  {
    ...reading,
    name: "openrouter.list",
    operationId: "listApiKeys",
    call: (options) => openrouter(options).list().toArray(),
    right: { status: 200, body: { data: [row] } },
    pointers: { asked: "/data", id: "/data/0/hash", other: "/data/0/name" },
    says: (result, body) => sameRows(result, at(body, "/data"), "hash"),
  },
  {
    ...writing,
    name: "openrouter.create",
    kind: "create",
    operationId: "createApiKey",
    call: (options) => openrouter(options).create({ name: "ci", external: { user: "u", apiKey: CHOSEN } }),
    right: { status: 201, body: { data: row, key: CHOSEN } },
    pointers: { asked: "/key", id: "/data/hash", other: "/data/name" },
    sent: [CREDENTIAL, CHOSEN],
    says: delivers(CHOSEN),
  },
  {
    ...reading,
    ...openrouterKey,
    name: "openrouter.get",
    operationId: "getApiKey",
    call: (options) => openrouter(options).get(row.hash),
  },
  {
    ...writing,
    ...openrouterKey,
    name: "openrouter.update",
    kind: "update",
    operationId: "updateApiKey",
    right: { status: 200, body: { data: { ...row, ...UPDATED } } },
    call: (options) => openrouter(options).update(row.hash, UPDATED),
  },
  {
    ...writing,
    name: "openrouter.revoke",
    kind: "revoke",
    operationId: "deleteApiKey",
    call: (options) => openrouter(options).revoke(row.hash),
    right: { status: 200, body: { deleted: true } },
    pointers: { asked: "/deleted", id: "/deleted", other: "/deleted" },
    says: nothing,
  },
  {
    ...reading,
    name: "openrouter.current",
    operationId: "getCurrentApiKey",
    call: (options) => openrouter(options).current(),
    right: { status: 200, body: { data: { label: "sk-...", limit: 5, usage: 1 } } },
    pointers: { asked: "/data", id: "/data/label", other: "/data/usage" },
    says: (result, body) => sameFields(result, at(body, "/data")),
  },
  {
    ...reading,
    name: "cockroach.list",
    operationId: "listApiKeys",
    call: (options) => cockroach(options).list().toArray(),
    right: { status: 200, body: { api_keys: [listed], pagination: { next_page: "" } } },
    pointers: { asked: "/api_keys", id: "/api_keys/0/id", other: "/api_keys/0/name" },
    says: (result, body) => sameRows(result, at(body, "/api_keys"), "id"),
  },
  {
    ...writing,
    name: "cockroach.create",
    kind: "create",
    operationId: "createApiKey",
    call: (options) => cockroach(options).create({ name: "ci", serviceAccountId: WHO }),
    right: { status: 200, body: { api_key: listed, secret: NEW_SECRET } },
    pointers: { asked: "/secret", id: "/api_key/id", other: "/api_key/name" },
    unsent: [NEW_SECRET],
    says: delivers(NEW_SECRET),
  },
  {
    ...reading,
    ...cockroachKey,
    name: "cockroach.get",
    operationId: "getApiKey",
    call: (options) => cockroach(options).get(listed.id),
  },
  {
    ...writing,
    ...cockroachKey,
    name: "cockroach.update",
    kind: "update",
    operationId: "updateApiKey",
    right: { status: 200, body: { ...listed, ...UPDATED } },
    call: (options) => cockroach(options).update(listed.id, UPDATED),
  },
  {
    ...writing,
    name: "cockroach.revoke",
    kind: "revoke",
    operationId: "deleteApiKey",
    call: (options) => cockroach(options).revoke(listed.id),
    right: cockroachKey.right,
    pointers: cockroachKey.pointers,
    says: nothing,
  },
  ...ofOpenAI("openai", (options) => openai(options)),
  ...ofOpenAI("openaiproject", (options) => openaiproject({ project: "proj_a", ...options })),
];

function sameRows(result: unknown, rows: unknown, id: string): boolean {
  return (
    Array.isArray(result) &&
    Array.isArray(rows) &&
    result.length === rows.length &&
    rows.every((raw, index) => isObject(raw) && keyIs(result[index], raw[id], raw))
  );
}

/** A copy of a body in which something else stands where the pointer leads. */
export function replaced(body: unknown, pointer: string, value: unknown): unknown {
  const [, name, rest = ""] = /^\/([^/]+)(.*)$/.exec(pointer) ?? [];
  if (name === undefined) return value;
  if (Array.isArray(body)) {
    return body.map((one: unknown, index) => (String(index) === name ? replaced(one, rest, value) : one));
  }
  return isObject(body) ? { ...body, [name]: replaced(body[name], rest, value) } : body;
}

function at(body: unknown, pointer: `/${string}`): unknown {
  return isObject(body) ? body[pointer.slice(1)] : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
