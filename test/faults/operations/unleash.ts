import { createHash } from "node:crypto";
import { unleash } from "../../../src/index.js";
import { at, CREDENTIAL, delivers, isObject, keyIs, nothing, reading, writing, type Operation } from "../operation.js";

const NEW_TOKEN = String.raw`*:development.not-a-real/new+"token"\%41~`;
const TOKEN = String.raw`default:production.not-a-real/own+"token"\%41~`;
const OTHER_TOKEN = String.raw`[]:production.not-a-real/other+"token"\%41~`;
const LATER = "2099-01-01T00:00:00.000Z";

const idOf = (secret: unknown) => createHash("sha256").update(String(secret)).digest("base64url");
const told = (secret: string, expiresAt: string | null = null) => ({
  secret,
  tokenName: "ci",
  type: "client",
  environment: "production",
  project: "default",
  projects: ["default"],
  createdAt: "2026-01-01T00:00:00.000Z",
  expiresAt,
  alias: null,
  seenAt: null,
});
const listed = { tokens: [told(TOKEN), told(OTHER_TOKEN)] };

/** Whether a key is what this row says, which holds plaintext. */
const isRow = (key: unknown, row: unknown) => {
  if (!isObject(row)) return false;
  const shown = Object.entries(row).filter(([name]) => name !== "secret" && name !== "alias");
  return keyIs(key, idOf(row["secret"]), Object.fromEntries(shown));
};
const rowsOf = (body: unknown): unknown[] => {
  const rows = at(body, "/tokens");
  return Array.isArray(rows) ? rows : [];
};

const ofAll = {
  slow: true,
  refusal: (status: number, words: string) => ({
    id: "9c40958a-daac-400e-98fb-3bb438567008",
    name: `Error${status}`,
    message: words,
    details: [{ message: words }],
  }),
} as const;

/** All that the answers to these two say is that they were received: the list tells, before and after. */
const ofOne = {
  ...ofAll,
  right: { status: 200, body: undefined },
  pointers: { asked: "", id: "", other: "" },
  // The plaintext is all that the server knows a token by.
  sent: [CREDENTIAL, TOKEN],
  inUrl: [TOKEN],
  unsent: [OTHER_TOKEN],
};

export const ofUnleash: Operation[] = [
  {
    ...reading,
    ...ofAll,
    name: "unleash.list",
    operationId: "listApiKeys",
    call: (options) => unleash(options).list().toArray(),
    right: { status: 200, body: listed },
    pointers: { asked: "/tokens", id: "/tokens/0/secret", other: "/tokens/0/tokenName" },
    unsent: [TOKEN, OTHER_TOKEN],
    says: (result, body) =>
      Array.isArray(result) &&
      result.length === rowsOf(body).length &&
      rowsOf(body).every((row, index) => isRow(result[index], row)),
  },
  {
    ...writing,
    ...ofAll,
    name: "unleash.create",
    kind: "create",
    operationId: "createApiKey",
    call: (options) => unleash(options).create({ name: "ci", type: "client", environment: "development" }),
    right: { status: 201, body: told(NEW_TOKEN) },
    // The id of a token is made of its plaintext.
    pointers: { asked: "/secret", id: "/type", other: "/tokenName" },
    unsent: [NEW_TOKEN],
    says: (result) => delivers(NEW_TOKEN)(result) && isObject(result) && result["id"] === idOf(NEW_TOKEN),
  },
  {
    ...ofOne,
    name: "unleash.update",
    kind: "update",
    operationId: "updateApiKey",
    call: (options) => unleash(options).update(idOf(TOKEN), { expiresAt: LATER }),
    looks: { with: "unleash.list", before: listed, after: { tokens: [told(TOKEN, LATER), told(OTHER_TOKEN)] } },
    says: (result, body) =>
      isRow(
        result,
        rowsOf(body).find((row) => isObject(row) && row["secret"] === TOKEN),
      ),
  },
  {
    ...ofOne,
    name: "unleash.revoke",
    kind: "revoke",
    operationId: "deleteApiKey",
    noAbsence: true,
    call: (options) => unleash(options).revoke(idOf(TOKEN)),
    looks: { with: "unleash.list", before: listed, after: { tokens: [told(OTHER_TOKEN)] } },
    says: nothing,
  },
];
