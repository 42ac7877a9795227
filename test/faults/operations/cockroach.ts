import { cockroach } from "../../../src/index.js";
import {
  at,
  delivers,
  isObject,
  keyIs,
  nothing,
  reading,
  sameRows,
  UPDATED,
  writing,
  type Operation,
} from "../operation.js";

const NEW_SECRET = String.raw`CCDB1_not-a-real_secret/+"quoted"\%41~`;
const WHO = "00000000-0000-4000-8000-00000000000a";

const listed = {
  id: "CCDB1_not-a-real",
  name: "ci",
  service_account_id: WHO,
  created_at: "2026-01-01T00:00:00.123456Z",
};

/** gRPC has codes of its own; 5 says that there is no such key. */
const refusal = (status: number, words: string) => ({
  code: status === 404 ? 5 : status,
  type: "failure",
  message: words,
  details: words,
});

const cockroachKey = {
  refusal,
  right: { status: 200, body: listed },
  pointers: { asked: "", id: "/id", other: "/name" },
  says: (result: unknown, body: unknown) => isObject(body) && keyIs(result, body["id"], body),
};

export const ofCockroach: Operation[] = [
  {
    ...reading,
    name: "cockroach.list",
    refusal,
    operationId: "listApiKeys",
    call: (options) => cockroach(options).list().toArray(),
    right: { status: 200, body: { api_keys: [listed], pagination: { next_page: "" } } },
    pointers: { asked: "/api_keys", id: "/api_keys/0/id", other: "/api_keys/0/name" },
    says: (result, body) => sameRows(result, at(body, "/api_keys"), "id"),
  },
  {
    ...writing,
    name: "cockroach.create",
    refusal,
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
    refusal,
    kind: "revoke",
    operationId: "deleteApiKey",
    call: (options) => cockroach(options).revoke(listed.id),
    right: cockroachKey.right,
    pointers: cockroachKey.pointers,
    says: nothing,
  },
];
