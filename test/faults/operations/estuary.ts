import { createHash } from "node:crypto";
import { estuary } from "../../../src/index.js";
import { CREDENTIAL, delivers, nothing, reading, sameFields, sameRows, writing, type Operation } from "../operation.js";

const NEW_TOKEN = String.raw`EST-not-a-real/new+"token"\%41~ARY`;
const OLD_TOKEN = String.raw`EST-not-a-real/old+"token"\%41~ARY`;

const token = (hash: string) => ({ token: "", tokenHash: hash, label: "ci", expiry: "2099-01-01T00:00:00Z" });

/** The list after a key is revoked. Old servers show plaintext there. */
const REVOKED_HASH = createHash("sha256").update(OLD_TOKEN).digest("base64url");
const tokensLeft = [token("another-hash"), { ...token("third-hash"), token: NEW_TOKEN }];

export const ofEstuary: Operation[] = [
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
    looks: { with: "estuary.list", before: [...tokensLeft, token(REVOKED_HASH)], after: tokensLeft },
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
];
