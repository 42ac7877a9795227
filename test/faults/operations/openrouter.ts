import { openrouter } from "../../../src/index.js";
import {
  at,
  CREDENTIAL,
  delivers,
  isObject,
  keyIs,
  nothing,
  reading,
  sameFields,
  sameRows,
  UPDATED,
  writing,
  type Operation,
} from "../operation.js";

const CHOSEN = String.raw`sk-not-a-real/chosen+"key"\%41~`;

const row = { hash: "a".repeat(64), name: "ci", created_at: "2026-01-01T00:00:00Z", disabled: false };

const openrouterKey = {
  right: { status: 200, body: { data: row } },
  pointers: { asked: "/data", id: "/data/hash", other: "/data/name" },
  says: (result: unknown, body: unknown) => {
    const data = at(body, "/data");
    return isObject(data) && keyIs(result, data["hash"], data);
  },
};

export const ofOpenRouter: Operation[] = [
  {
    ...reading,
    name: "openrouter.list",
    operationId: "listApiKeys",
    call: (options) => openrouter(options).list().toArray(),
    right: { status: 200, body: { data: [row] } },
    lastPage: { data: [] },
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
];
