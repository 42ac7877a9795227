import type * as wire from "../../../generated/cloudflare/types.js";
import { Fields, isObject, parseJson } from "../../sandbox/fields.js";
import { Refusal, statusText, type Answer, type Call, type Server } from "../../sandbox/provider.js";
import { base62, randomHex, randomText } from "../../sandbox/random.js";
import type { OperationId } from "../../sandbox/routes.js";
import { microsOf, rfc3339, type Instant } from "../../sandbox/time.js";
import {
  groups,
  isLive,
  mayManage,
  readSettings,
  shown,
  statusOf,
  type HeldToken,
  type Owner,
  type TokenSettings,
} from "./sandbox-token.js";

export interface NewCloudflareKey {
  name?: string | undefined;
  /** The account that owns it; the user unless given. */
  account?: string | undefined;
  /** What it may do: read the DNS records of one zone unless given. */
  policies?: wire.NewTokenPolicy[] | undefined;
  /** Told and kept. The sandbox does not know whence a request comes. */
  condition?: wire.TokenCondition | undefined;
  status?: wire.ApiKeyStatus | undefined;
  notBefore?: Instant | undefined;
  expiresAt?: Instant | undefined;
  createdAt?: Instant | undefined;
  lastUsedAt?: Instant | undefined;
}

export interface CloudflareSandboxOptions {
  /** How many tokens a user and an account of Cloudflare's may have, each. 50 and 500 unless given. */
  tokenQuota?: number | undefined;
}

export interface CloudflareSandbox {
  /** The permission groups of Cloudflare's tokens that let them read and write tokens. The ids are the sandbox's own. */
  permissionGroups: typeof groups;
}

type Handler = (call: Call, caller: HeldToken, owner: Owner) => Answer;

export default function createServer(
  now: () => number,
  { tokenQuota }: CloudflareSandboxOptions = {},
): Server<wire.WireApiKey, NewCloudflareKey> & { extras: CloudflareSandbox } {
  const bySecret = new Map<string, HeldToken>();
  /** By owner, then by id, oldest first. */
  const byOwner = new Map<Owner, Map<string, HeldToken>>();
  const tokensOf = (owner: Owner) => byOwner.get(owner) ?? new Map<string, HeldToken>();

  const list: Handler = ({ query }, _, owner) => {
    const page = numberIn(query, "page", 1, Infinity, 1);
    const size = numberIn(query, "per_page", 5, 50, 20);
    const direction = query.get("direction") ?? "asc";
    if (direction !== "asc" && direction !== "desc") throw invalid("direction must be asc or desc");
    const expired = query.get("include_expired") === "true";
    const rows = [...tokensOf(owner).values()].filter((one) => expired || statusOf(one.settings, now()) !== "expired");
    if (direction === "desc") rows.reverse();
    const result = rows.slice((page - 1) * size, page * size).map((token) => shown(token, now()));
    const total_pages = Math.ceil(rows.length / size);
    const result_info = { page, per_page: size, count: result.length, total_count: rows.length, total_pages };
    return success(result, { result_info });
  };

  const create: Handler = ({ body }, _, owner) => {
    const fields = new Fields(body, invalid);
    const { policies } = parseJson(body) as { policies?: unknown };
    if (Array.isArray(policies) && policies.some((policy) => isObject(policy) && "id" in policy)) {
      throw refused(400, "Reusing existing policies is not supported by token creation", 1001);
    }
    const settings = readSettings(fields);
    const [who, usual] = owner === undefined ? ["user", 50] : ["account", 500];
    const quota = tokenQuota ?? usual;
    if (tokensOf(owner).size >= quota) throw refused(400, `the ${who} has ${quota} tokens, the most it may have`, 1005);
    const token = add(owner, settings);
    return success({ ...shown(token, now()), value: token.secret } satisfies wire.CreatedApiKey);
  };

  const verify: Handler = (_, { id, owner: own, settings }, owner) => {
    if (own !== owner) throw refused(401);
    const { not_before, expires_on } = settings;
    const result = {
      id,
      status: statusOf(settings, now()),
      ...(not_before !== undefined && { not_before }),
      ...(expires_on !== undefined && { expires_on }),
    };
    const messages = [{ code: 10000, message: "This API Token is valid and active" }];
    return success(result satisfies wire.VerifiedApiKey, { messages });
  };

  const get: Handler = ({ params }, _, owner) => success(shown(find(params, owner), now()));

  const update: Handler = ({ params, body }, _, owner) => {
    const token = find(params, owner);
    const fields = new Fields(body, invalid);
    // What is not said is gone: a status becomes what it is by creation.
    const status = fields.optional("status", isStatus, "active or disabled");
    token.settings = { ...readSettings(fields), ...(status === "disabled" && { status }) };
    token.modified = now();
    return success(shown(token, now()));
  };

  const remove: Handler = ({ params }, _, owner) => {
    const token = find(params, owner);
    tokensOf(owner).delete(token.id);
    bySecret.delete(token.secret);
    return success({ id: token.id } satisfies wire.DeletedApiKey);
  };

  const roll: Handler = ({ params, body }, _, owner) => {
    const token = find(params, owner);
    // Older clients send none.
    if (body !== "" && !isObject(parseJson(body))) throw invalid("the body must be a JSON object");
    bySecret.delete(token.secret);
    token.secret = newSecret(owner);
    token.modified = now();
    bySecret.set(token.secret, token);
    return success(token.secret);
  };

  const handlers: Record<string, Handler> = {
    listApiKeys: list,
    createApiKey: create,
    verifyApiKey: verify,
    getApiKey: get,
    updateApiKey: update,
    deleteApiKey: remove,
    rollApiKey: roll,
    listAccountApiKeys: list,
    createAccountApiKey: create,
    verifyAccountApiKey: verify,
    getAccountApiKey: get,
    updateAccountApiKey: update,
    deleteAccountApiKey: remove,
    rollAccountApiKey: roll,
  } satisfies Record<OperationId<"cloudflare">, Handler>;
  const reading: ReadonlySet<Handler | undefined> = new Set([list, get]);

  function add(owner: Owner, settings: TokenSettings, secret = newSecret(owner)): HeldToken {
    const token = { id: randomHex(32), owner, secret, settings, issued: now(), modified: now(), lastUsed: undefined };
    byOwner.set(owner, tokensOf(owner).set(token.id, token));
    bySecret.set(secret, token);
    return token;
  }

  function authenticate(headers: Headers): HeldToken {
    const [, secret = ""] = /^bearer +(.+)$/i.exec(headers.get("authorization") ?? "") ?? [];
    const token = bySecret.get(secret);
    if (token === undefined || !isLive(token, now())) throw refused(401);
    token.lastUsed = now();
    return token;
  }

  function find({ token_id = "" }: Call["params"], owner: Owner): HeldToken {
    const token = tokensOf(owner).get(token_id);
    if (token === undefined) throw refused(404);
    return token;
  }

  const credential = `cfut_${"0".repeat(48)}`;
  const everything = [
    policy("com.cloudflare.api.user.*", [groups.userWrite]),
    policy("com.cloudflare.api.account.*", [groups.accountWrite]),
  ];
  add(undefined, { name: "sandbox", policies: everything.map(withId) }, credential);

  return {
    credential,
    answer(operation, call) {
      const caller = authenticate(call.headers);
      const owner = call.params["account_id"];
      const handler = handlers[operation];
      if (handler !== verify && !mayManage(caller, owner, !reading.has(handler))) throw refused(403);
      return handler?.(call, caller, owner) ?? error(404);
    },
    // No token is called so.
    routed: (path) => path.replace(GROUPS, "/permission_groups"),
    answerOther({ method, path, query, headers }) {
      const found = GROUPS.exec(path);
      if (!found) return undefined;
      if (method !== "GET") return error(405);
      const [, owner] = found;
      if (!mayManage(authenticate(headers), owner, false)) throw refused(403);
      return success(permissionGroups(owner, query));
    },
    error,
    fields: {
      name: "text",
      account: "text",
      policies: "objects",
      condition: "object",
      status: ["active", "disabled", "expired", "revoked (exposed)"],
      notBefore: "time",
      expiresAt: "time",
      createdAt: "time",
      lastUsedAt: "time",
    },
    issue({ name = "issued", account, policies = [readDns], condition, status, notBefore, expiresAt, ...times }) {
      const token = add(account, {
        name,
        policies: policies.map(withId),
        ...(condition && { condition }),
        ...(status !== undefined && { status }),
        ...(notBefore !== undefined && { not_before: rfc3339(msOf(notBefore)) }),
        ...(expiresAt !== undefined && { expires_on: rfc3339(msOf(expiresAt)) }),
      });
      const { createdAt, lastUsedAt } = times;
      if (createdAt !== undefined) token.issued = token.modified = msOf(createdAt);
      if (lastUsedAt !== undefined) token.lastUsed = msOf(lastUsedAt);
      return { id: token.id, secret: token.secret };
    },
    keys: () => [...byOwner.values()].flatMap((tokens) => Array.from(tokens.values(), (token) => shown(token, now()))),
    extras: { permissionGroups: groups },
  };
}

const READ_DNS = "82e64a83756745bbbb1c9c2701bf816b";

const policy = (resource: string, permission_groups: wire.PermissionGroup[]): wire.NewTokenPolicy => ({
  effect: "allow",
  resources: { [resource]: "*" },
  permission_groups,
});
/** Where clients ask for the permission groups that they can name. It has the look of a token's path. */
const GROUPS = /^\/(?:user|accounts\/([^/]+))\/tokens\/permission_groups$/;

/** Those that tokens of an owner may have, as Cloudflare tells them. */
function permissionGroups(owner: Owner, query: URLSearchParams): object[] {
  const scoped = Object.entries({ ...groups, readDns: { id: READ_DNS, name: "DNS Read" } }).map(([key, group]) => ({
    ...group,
    scopes: [`com.cloudflare.api.${key.startsWith("user") ? "user" : key === "readDns" ? "account.zone" : "account"}`],
  }));
  const [name, scope] = [query.get("name"), query.get("scope")];
  return scoped.filter(
    (group) =>
      (owner === undefined || !group.scopes.includes("com.cloudflare.api.user")) &&
      (name === null || group.name === name) &&
      (scope === null || group.scopes.includes(scope)),
  );
}

const withId = (policy: wire.NewTokenPolicy): wire.TokenPolicy => ({ ...policy, id: randomHex(32) });
const readDns = policy("com.cloudflare.api.account.zone.*", [{ id: READ_DNS }]);

const msOf = (instant: Instant): number => microsOf(instant) / 1000;

/** 40 characters and a checksum, of whose kind nothing is published. */
function newSecret(owner: Owner): string {
  return `${owner === undefined ? "cfut" : "cfat"}_${randomText(40, base62)}${randomHex(8)}`;
}

const isStatus = (value: unknown): value is string => value === "active" || value === "disabled" || value === "expired";

function numberIn(query: URLSearchParams, name: string, least: number, most: number, otherwise: number): number {
  const text = query.get(name) ?? String(otherwise);
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw invalid(`${name} must be an integer from ${least}${most === Infinity ? "" : ` to ${most}`}`);
}

/** What was seen of the provider's own codes; the others are the sandbox's. */
const refusals: Readonly<Record<number, [code: number, message: string]>> = {
  400: [1001, "Invalid request"],
  401: [1000, "Invalid API Token"],
  403: [9109, "Unauthorized to access requested resource"],
  404: [1003, "Token not found"],
  429: [
    10429,
    "More than 1200 requests per 300 seconds reached. Please wait and consider throttling your request speed",
  ],
};

function json(status: number, value: object): Answer {
  const headers = { "content-type": "application/json" };
  return { status, headers, body: JSON.stringify(value) };
}

const success = (result: unknown, more: object = {}): Answer =>
  json(200, { result, success: true, errors: [], messages: [], ...more });

function error(status: number, message?: string, code?: number): Answer {
  const [usual = 1000 + status, words = statusText(status)] = refusals[status] ?? [];
  const errors = [{ code: code ?? usual, message: message ?? words }];
  return json(status, { success: false, errors, messages: [], result: null } satisfies wire.ErrorResponse);
}

const refused = (status: number, message?: string, code?: number): Refusal => new Refusal(error(status, message, code));
const invalid = (problem: string): Refusal => refused(400, problem);
