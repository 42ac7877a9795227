import { cloudflare, Secret } from "../../../src/index.js";
import {
  at,
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

const VALUE = String.raw`cfut_not-a-real/value+"quoted"\%41~0123456789`;

const resources = { "com.cloudflare.api.account.zone.eb78d65290b24279ba6f44721b3ea3c4": "*" };
const policy = { effect: "allow" as const, resources, permission_groups: [{ id: "82e64a83756745bbbb1c9c2701bf816b" }] };
const row = {
  id: "ed17574386854bf78a67040be0a770b0",
  name: "ci",
  status: "active",
  issued_on: "2026-11-26T05:20:00Z",
  policies: [{ id: "f267e341f3dd4697bd3b9f71dd96247f", ...policy }],
};

const enveloped = (result: unknown) => ({ success: true, errors: [], messages: [], result });
const listed = { ...enveloped([row]), result_info: { page: 1, per_page: 50, count: 1, total_count: 1 } };

const ofAll = {
  slow: true,
  refusal: (status: number, words: string) => ({
    success: false,
    errors: [{ code: 1_000 + status, message: words }],
    messages: [],
    result: null,
  }),
} as const;

const oneToken = {
  right: { status: 200, body: enveloped(row) },
  pointers: { asked: "/result", id: "/result/id", other: "/result/name" },
  says: (result: unknown, body: unknown) => {
    const token = at(body, "/result");
    return isObject(token) && keyIs(result, token["id"], token);
  },
};

export const ofCloudflare: Operation[] = [
  {
    ...reading,
    ...ofAll,
    name: "cloudflare.list",
    operationId: "listApiKeys",
    call: (options) => cloudflare(options).list().toArray(),
    right: { status: 200, body: listed },
    // It is asked for with the last row of the page before.
    lastPage: listed,
    pointers: { asked: "/result", id: "/result/0/id", other: "/result/0/name" },
    says: (result, body) => sameRows(result, at(body, "/result"), "id"),
  },
  {
    ...writing,
    ...ofAll,
    name: "cloudflare.create",
    kind: "create",
    operationId: "createApiKey",
    call: (options) => cloudflare(options).create({ name: "ci", policies: [policy] }),
    right: { status: 200, body: enveloped({ ...row, value: VALUE }) },
    // Whether there are as many tokens as there may be.
    looks: {
      with: "cloudflare.list",
      before: listed,
      onRefusal: ["BadRequestError", "PermissionError", "ConflictError"],
    },
    pointers: { asked: "/result/value", id: "/result/id", other: "/result/name" },
    unsent: [VALUE],
    says: delivers(VALUE),
  },
  {
    ...reading,
    ...ofAll,
    ...oneToken,
    name: "cloudflare.get",
    operationId: "getApiKey",
    call: (options) => cloudflare(options).get(row.id),
  },
  {
    ...writing,
    ...ofAll,
    ...oneToken,
    name: "cloudflare.update",
    kind: "update",
    operationId: "updateApiKey",
    looks: { with: "cloudflare.get", before: oneToken.right.body },
    right: { status: 200, body: enveloped({ ...row, ...UPDATED }) },
    call: (options) => cloudflare(options).update(row.id, UPDATED),
  },
  {
    ...writing,
    ...ofAll,
    name: "cloudflare.revoke",
    kind: "revoke",
    operationId: "deleteApiKey",
    call: (options) => cloudflare(options).revoke(row.id),
    right: { status: 200, body: enveloped({ id: row.id }) },
    pointers: { asked: "/result", id: "/result/id", other: "/messages" },
    says: nothing,
  },
  {
    ...reading,
    ...ofAll,
    name: "cloudflare.current",
    operationId: "verifyApiKey",
    call: (options) => cloudflare(options).current(),
    right: { status: 200, body: enveloped({ id: row.id, status: "active" }) },
    pointers: { asked: "/result", id: "/result/id", other: "/result/expires_on" },
    says: (result, body) => sameFields(result, at(body, "/result")),
  },
  {
    ...writing,
    name: "cloudflare.roll",
    kind: "create",
    operationId: "rollApiKey",
    doubt: "RollOutcomeUnknownError",
    refusal: ofAll.refusal,
    call: (options) => cloudflare(options).roll(row.id),
    right: { status: 200, body: enveloped(VALUE) },
    pointers: { asked: "/result", id: "/messages", other: "/errors" },
    unsent: [VALUE],
    says: (result) => result instanceof Secret && result.reveal() === VALUE,
  },
];
