import type * as wire from "../../../generated/openrouter/types.js";
import { Fields, isBoolean, isFilled, isObject, isText, isUuid, orNull } from "../../sandbox/fields.js";
import { HeldKey, type HeldFields } from "./sandbox-key.js";
import { createKeyList } from "./sandbox-list.js";
import { Refusal, statusText, type Answer, type Call, type Server } from "../../sandbox/provider.js";
import { randomHex } from "../../sandbox/random.js";
import type { OperationId } from "../../sandbox/routes.js";
import { isLimitReset } from "./sandbox-spend.js";
import { microsOf, parseRfc3339, rfc3339, type Instant } from "../../sandbox/time.js";

export type { LimitReset } from "../../../generated/openrouter/types.js";

export interface NewOpenRouterKey {
  name?: string | undefined;
  /** In US dollars; null, as when it is left out: none. */
  limit?: number | null | undefined;
  limitReset?: wire.LimitReset | null | undefined;
  includeByokInLimit?: boolean | undefined;
  /** How many US dollars it has spent, all of them just now. */
  spent?: number | undefined;
  disabled?: boolean | undefined;
  expiresAt?: Instant | null | undefined;
  /** A UUID; the default workspace unless given. */
  workspaceId?: string | undefined;
  externalUser?: string | null | undefined;
  createdAt?: Instant | undefined;
  lastUsedAt?: Instant | null | undefined;
  /** May call `/keys`. Otherwise it is an inference key, which may read itself alone. */
  management?: boolean | undefined;
}

const defaultWorkspace = "00000000-0000-4000-8000-000000000001";
const creator = "user_00000000000000000000000000000";

export interface OpenRouterSandboxOptions {
  /** Rows a page of OpenRouter's list has. 100 unless given. */
  pageSize?: number | undefined;
}

export interface OpenRouterSandbox {
  /** Spends US dollars with an OpenRouter key, now. @throws RangeError where there is no such key. */
  spend: (id: string, usd: number) => void;
}

type Handler = (call: Call, caller: HeldKey) => Answer;

export default function createServer(
  now: () => number,
  { pageSize = 100 }: OpenRouterSandboxOptions,
): Server<wire.WireApiKey, NewOpenRouterKey> & { extras: OpenRouterSandbox } {
  const bySecret = new Map<string, HeldKey>();
  const byHash = new Map<string, HeldKey>();
  const list = createKeyList(pageSize);

  const handlers: Record<string, Handler> = {
    getCurrentApiKey: (_, caller) => json(200, { data: caller.current(now()) } satisfies wire.CurrentApiKeyResponse),

    listApiKeys({ query }) {
      const offset = query.get("offset") ?? "0";
      const workspaceId = query.get("workspace_id") ?? defaultWorkspace;
      if (!/^\d+$/.test(offset)) throw invalid("offset must be an integer of at least 0");
      if (!isUuid(workspaceId)) throw invalid("workspace_id must be a UUID");
      const scope = {
        workspaceId: workspaceId.toLowerCase(),
        disabled: flag(query, "include_disabled"),
        expired: flag(query, "include_expired"),
      };
      const data = list.page(scope, Number(offset), now()).map((key) => key.shown(now()));
      return json(200, { data } satisfies wire.ListApiKeysResponse);
    },

    createApiKey({ body }) {
      const fields = new Fields(body, invalid);
      const key = add(readNewKey(fields));
      const created = { data: key.shown(now()), key: key.secret };
      return json(201, created satisfies wire.CreateApiKeyResponse);
    },

    getApiKey: ({ params }) => json(200, { data: find(params).shown(now()) } satisfies wire.ApiKeyResponse),

    updateApiKey({ params, body }) {
      const changes = readChanges(new Fields(body, invalid));
      if (Object.keys(changes).length === 0) throw refused(400, "No update fields provided");
      const key = find(params);
      // To name the workspace that the key is in changes nothing.
      const { workspace_id = "", ...others } = changes;
      if (workspace_id !== key.fields.workspace_id || Object.keys(others).length > 0) {
        Object.assign(key.fields, changes, { updated_at: timestamp(now() * 1000) });
        list.changed();
      }
      return json(200, { data: key.shown(now()) } satisfies wire.ApiKeyResponse);
    },

    deleteApiKey({ params }) {
      const key = find(params);
      byHash.delete(key.fields.hash);
      bySecret.delete(key.secret);
      list.remove(key);
      return json(200, { deleted: true } satisfies wire.DeleteApiKeyResponse);
    },
  } satisfies Record<OperationId<"openrouter">, Handler>;

  function add(
    fields: Partial<HeldFields> & { name: string },
    { secret = `sk-or-v1-${randomHex(64)}`, management = false } = {},
  ): HeldKey {
    const key = new HeldKey(secret, management, {
      hash: randomHex(64),
      label: `${secret.slice(0, 12)}...${secret.slice(-4)}`,
      disabled: false,
      created_at: timestamp(now() * 1000),
      updated_at: null,
      creator_user_id: creator,
      workspace_id: defaultWorkspace,
      expires_at: null,
      external_user: null,
      last_used_at: null,
      limit: null,
      limit_reset: null,
      include_byok_in_limit: false,
      ...fields,
    });
    bySecret.set(secret, key);
    byHash.set(key.fields.hash, key);
    list.add(key);
    return key;
  }

  function authenticate(operation: string, headers: Headers): HeldKey {
    const [, secret] = /^bearer +(.+)$/i.exec(headers.get("authorization") ?? "") ?? [];
    if (secret === undefined) throw refused(401, "Missing Authentication header");
    const key = bySecret.get(secret);
    if (key === undefined) throw refused(401, "User not found.");
    if (key.fields.disabled) throw refused(401, "This API key is disabled.");
    if (key.expires <= now()) throw refused(401, "This API key has expired.");
    key.fields.last_used_at = rfc3339(now());
    if (operation !== "getCurrentApiKey" && !key.management) throw refused(403);
    return key;
  }

  function find({ hash = "" }: Call["params"]): HeldKey {
    const key = byHash.get(hash);
    if (key === undefined) throw refused(404);
    return key;
  }

  const credential = `sk-or-v1-${"0".repeat(64)}`;
  add({ name: "sandbox" }, { secret: credential, management: true });

  return {
    credential,
    // The provider's samples write /keys/, and many clients still read /auth/key.
    routed: (path) => path.replace(/(?<=.)\/$/, "").replace(/^\/auth\/key$/, "/key"),
    answer(operation, call) {
      const caller = authenticate(operation, call.headers);
      return handlers[operation]?.(call, caller) ?? error(404);
    },
    error,
    fields: {
      name: "text",
      limit: "amount",
      limitReset: ["daily", "weekly", "monthly"],
      includeByokInLimit: "boolean",
      spent: "amount",
      disabled: "boolean",
      expiresAt: "time",
      workspaceId: "uuid",
      externalUser: "text",
      createdAt: "time",
      lastUsedAt: "time",
      management: "boolean",
    },
    issue({ name = "issued", management = false, ...key }) {
      const fields = defined({
        limit: key.limit,
        limit_reset: key.limitReset,
        include_byok_in_limit: key.includeByokInLimit,
        disabled: key.disabled,
        workspace_id: key.workspaceId?.toLowerCase(),
        external_user: key.externalUser,
        created_at: key.createdAt && timestamp(microsOf(key.createdAt)),
        expires_at: key.expiresAt && secondsOf(key.expiresAt),
        last_used_at: key.lastUsedAt && secondsOf(key.lastUsedAt),
      });
      const issued = add({ name, ...fields }, { management });
      if (key.spent) issued.spend.add(key.spent, now());
      return { id: issued.fields.hash, secret: issued.secret };
    },
    keys: () => Array.from(byHash.values(), (key) => key.shown(now())),
    extras: {
      spend(hash, usd) {
        const key = byHash.get(hash);
        if (key === undefined) throw new RangeError(`OpenRouter holds no key ${hash}`);
        key.spend.add(usd, now());
        key.fields.last_used_at = rfc3339(now());
      },
    },
  };
}

const isLimit = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;
const isUtcTime = (value: unknown): value is string =>
  isText(value) && /z$/i.test(value) && parseRfc3339(value) !== undefined;
const isTextOf = (least: number, value: unknown): value is string =>
  isText(value) && value.length >= least && value.length <= 512;
const isExternal = (value: unknown): value is wire.ExternalUser =>
  isObject(value) && isTextOf(1, value["user"]) && (value["api_key"] === undefined || isTextOf(32, value["api_key"]));

/** What a create and an update read alike. */
const readSettings = (fields: Fields) => ({
  limit: fields.optional("limit", orNull(isLimit), "a number of at least 0, or null"),
  limit_reset: fields.optional("limit_reset", orNull(isLimitReset), "daily, weekly, monthly or null"),
  include_byok_in_limit: fields.optional("include_byok_in_limit", isBoolean, "a boolean"),
  workspace_id: fields.optional("workspace_id", isUuid, "a UUID")?.toLowerCase(),
});

function readNewKey(fields: Fields): Partial<HeldFields> & { name: string } {
  const external = "an object with user, 1 to 512 characters, and at most an api_key of 32 to 512 characters";
  const utc = "a time in UTC with seconds, such as 2027-12-31T23:59:59Z, or null";
  const filled = "a string that is not empty";
  return {
    name: fields.required("name", isFilled, filled),
    ...defined({
      ...readSettings(fields),
      expires_at: fields.optional("expires_at", orNull(isUtcTime), utc),
      creator_user_id: fields.optional("creator_user_id", orNull(isFilled), `${filled}, or null`) ?? undefined,
      external_user: fields.optional("external", isExternal, external)?.user,
    }),
  };
}

const readChanges = (fields: Fields): Partial<HeldFields> =>
  defined({
    ...readSettings(fields),
    name: fields.optional("name", isText, "a string"),
    disabled: fields.optional("disabled", isBoolean, "a boolean"),
  });

function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name) ?? "false";
  if (value !== "true" && value !== "false") throw invalid(`${name} must be true or false`);
  return value === "true";
}

/** When a key was made or changed, as the provider's guide shows it: with microseconds and an offset. */
function timestamp(micros: number): string {
  const fraction = ((Math.floor(micros) % 1e6) + 1e6) % 1e6;
  return rfc3339(Math.floor(micros / 1000), String(fraction).padStart(6, "0")).replace("Z", "+00:00");
}

const secondsOf = (instant: Instant): string => rfc3339(microsOf(instant) / 1000);

/** The fields that have a value. */
function defined<T extends object>(fields: T): { [N in keyof T]?: Exclude<T[N], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [N in keyof T]?: Exclude<T[N], undefined> };
}

const messages: Readonly<Record<number, string>> = {
  400: "Invalid request parameters",
  401: "User not found.",
  403: "Only management keys can perform this operation",
  404: "Resource not found",
  429: "Rate limit exceeded",
};

function json(status: number, value: object): Answer {
  const headers = { "content-type": "application/json" };
  return { status, headers, body: JSON.stringify(value) };
}

function error(code: number, message = messages[code] ?? statusText(code)): Answer {
  return json(code, { error: { code, message } } satisfies wire.ErrorResponse);
}

const refused = (status: number, message?: string): Refusal => new Refusal(error(status, message));
const invalid = (problem: string): Refusal => refused(400, `Invalid request parameters: ${problem}`);
