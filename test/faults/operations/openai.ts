import {
  openai,
  openaiproject,
  type ApiKey,
  type ClientOptions,
  type CreatedApiKey,
  type KeyList,
} from "../../../src/index.js";
import { at, delivers, isObject, keyIs, nothing, reading, sameRows, writing, type Operation } from "../operation.js";

const OPENAI_VALUE = String.raw`sk-not-a-real/admin+"key"\%41~`;

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

const operationsOf = (provider: string, connect: (options: ClientOptions) => OpenAIKeys): Operation[] => [
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

const CHANGED = { scopes: ["api.all.read"] };
const ofProject = (options: ClientOptions) => openaiproject({ project: "proj_a", ...options });

export const ofOpenAI: Operation[] = [
  ...operationsOf("openai", (options) => openai(options)),
  ...operationsOf("openaiproject", ofProject),
  {
    ...writing,
    slow: true,
    name: "openaiproject.update",
    kind: "update",
    operationId: "updateApiKey",
    call: (options) => ofProject(options).update(openaiRow.id, CHANGED),
    right: { status: 200, body: { ...openaiRow, ...CHANGED } },
    pointers: { asked: "", id: "/id", other: "/name" },
    says: (result, body) => isObject(body) && keyIs(result, body["id"], body),
  },
];
