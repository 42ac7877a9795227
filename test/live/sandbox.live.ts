/** The sandbox's Unleash held against the real one: the same requests to both, and answers of the same shape from both. */
import { describe, expect, inject, it } from "vitest";
import { createSandbox } from "../../src/sandbox/index.js";

const TOKENS = "/api/admin/api-tokens";
const JSON_TYPE = { "content-type": "application/json" };
const { url, credential } = inject("live");
const sandbox = createSandbox();

type Send = (
  method: string,
  path: string,
  init: { headers: Record<string, string>; body: string | null },
) => Promise<Response>;
const servers: { send: Send; admin: string }[] = [
  { send: (method, path, init) => fetch(url + path, { method, ...init }), admin: credential },
  {
    send: (method, path, init) => sandbox.fetch(`http://sandbox/unleash${path}`, { method, ...init }),
    admin: sandbox.credentials.unleash,
  },
];

interface Row {
  /** Method and path; `:token` is a token that was made for this row, and is gone with `:gone`. */
  call: string;
  /** JSON unless it is a text. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Whose credential; an admin's unless given. */
  as?: "admin" | "bearer" | "client" | "frontend" | "unknown" | "nobody";
}

const create = (body: unknown, more: Partial<Row> = {}): Row => ({ call: `POST ${TOKENS}`, body, ...more });
const token = { tokenName: "compared", type: "client" };
const expiresAt = "2040-01-02T03:04:05.678+02:00";
const everybody = ["admin", "bearer", "client", "frontend", "unknown", "nobody"] as const;

const rows: Row[] = [
  ...everybody.flatMap((as): Row[] => [
    { call: `GET ${TOKENS}`, as },
    create(token, { as }),
    { call: `PUT ${TOKENS}/:token`, body: { expiresAt }, as },
    { call: `DELETE ${TOKENS}/:token`, as },
    { call: "GET /api/client/features", as },
    { call: "GET /api/frontend", as },
    { call: "GET /api/admin/elsewhere", as },
  ]),
  { call: `GET ${TOKENS}/` },
  { call: `PATCH ${TOKENS}`, body: {} },
  { call: `DELETE ${TOKENS}` },
  { call: `PUT ${TOKENS}`, body: { expiresAt } },
  { call: `DELETE ${TOKENS}/:gone` },
  { call: `DELETE ${TOKENS}/none` },
  { call: `PUT ${TOKENS}/none`, body: { expiresAt } },
  ...[
    {},
    { expiresAt: null },
    { expiresAt: "soon" },
    { expiresAt: "2040-01-01" },
    [],
    { expiresAt, tokenName: "b" },
  ].map((body): Row => ({ call: `PUT ${TOKENS}/:token`, body })),
  ...[
    { ...token, type: "CLIENT" },
    { ...token, type: "backend" },
    { ...token, type: "frontend", environment: "production", projects: ["default"], expiresAt },
    { ...token, projects: ["*", "default"] },
    { ...token, project: "default" },
    { ...token, expiresAt: "2040-01-01 00:00:00Z" },
    { ...token, expiresAt: "2040-01-01T00:00:00" },
    { ...token, expiresAt: "2020-01-01T00:00:00Z" },
    { ...token, tokenName: 5 },
    { ...token, unknown: true },
    {},
    [],
    { tokenName: "compared" },
    { type: "client" },
    { ...token, type: "admin" },
    { ...token, type: null },
    { ...token, tokenName: "" },
    { ...token, tokenName: null },
    { ...token, tokenName: {} },
    { ...token, environment: "*" },
    { ...token, environment: "nowhere" },
    { ...token, environment: "" },
    { ...token, environment: null },
    { ...token, projects: [] },
    { ...token, projects: ["none"] },
    { ...token, projects: "default" },
    { ...token, projects: null },
    { ...token, projects: ["default", "default"] },
    { ...token, expiresAt: null },
    { ...token, expiresAt: "soon" },
    { ...token, expiresAt: "2040-02-30T00:00:00Z" },
    { ...token, tokenName: "", environment: "", projects: [] },
    { ...token, environment: "nowhere", projects: ["none"] },
  ].map((body) => create(body)),
  create("{"),
  create("null"),
  create(""),
  create("{", { as: "nobody" }),
  create("x", { headers: { "content-type": "text/plain" } }),
  create("x", { headers: { "content-type": "text/plain" }, as: "unknown" }),
  create(JSON.stringify(token), { headers: { "content-type": "application/json; charset=utf-8" } }),
  create("tokenName=a&type=client", { headers: { "content-type": "application/x-www-form-urlencoded" } }),
  create({ ...token, tokenName: "a".repeat(110_000) }),
];

/** What is of one shape, and what has to be the same word for word. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((item) => JSON.stringify(shapeOf(item))))].sort();
  if (typeof value !== "object" || value === null) return value === null ? null : typeof value;
  const told = new Set(["name", "type", "environment", "project", "tokenName", "message"]);
  return Object.fromEntries(
    Object.entries(value)
      .map(
        ([name, inner]) =>
          [name, told.has(name) && typeof inner === "string" ? worded(inner) : shapeOf(inner)] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Without what is random. The words of JSON's parser are the runtime's. */
const worded = (text: string): string =>
  text.replace(/[0-9a-f]{56}/g, "…").replace(/^(Expected|Unexpected).* JSON.*/, "…");

describe("the sandbox answers as a real Unleash", () => {
  it.each(
    rows.map((row) => ({ row, what: `${row.call} ${JSON.stringify(row.body ?? "").slice(0, 80)} ${row.as ?? ""}` })),
  )("$what", async ({ row: { call, body, headers, as = "admin" } }) => {
    const [want, found] = await Promise.all(
      servers.map(async ({ send, admin }) => {
        const json = { authorization: admin, ...JSON_TYPE };
        const made = async (type: string) => {
          const asked = { headers: json, body: JSON.stringify({ tokenName: "made", type }) };
          return ((await (await send("POST", TOKENS, asked)).json()) as { secret: string }).secret;
        };
        const credentials = {
          admin: () => admin,
          bearer: () => `Bearer ${admin}`,
          client: () => made("client"),
          frontend: () => made("frontend"),
          unknown: () => "*:*.nobody-knows-this-token",
          nobody: () => "",
        };
        const [method = "", path = ""] = call.split(" ");
        const named = /:(token|gone)$/.test(path) ? await made("client") : "";
        const place = path.replace(/:(token|gone)$/, encodeURIComponent(named));
        if (path.endsWith(":gone")) await send("DELETE", place, { headers: { authorization: admin }, body: null });
        const authorization = await credentials[as]();
        const answer = await send(method, place, {
          headers: {
            ...(authorization && { authorization }),
            ...(body === undefined ? {} : JSON_TYPE),
            ...headers,
          },
          body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
        });
        const text = await answer.text();
        const parsed: unknown = text === "" ? "nothing" : JSON.parse(text);
        const isList = typeof parsed === "object" && parsed !== null && "tokens" in parsed;
        const type = answer.headers.get("content-type");
        return {
          status: answer.status,
          type,
          location: answer.headers.get("location"),
          body: isList ? fieldsOf(parsed) : shapeOf(parsed),
        };
      }),
    );
    expect(found).toEqual(want);
  });
});

/** Of a list what is the same everywhere: the fields of its rows. */
function fieldsOf(list: object): unknown {
  const rows = "tokens" in list && Array.isArray(list.tokens) ? (list.tokens as object[]) : [];
  return [...new Set(rows.map((row) => Object.keys(row).sort().join()))];
}
