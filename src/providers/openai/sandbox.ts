import type * as wire from "../../../generated/openai/types.js";
import { Fields, isFilled } from "../../sandbox/fields.js";
import type { Answer, Call, Server } from "../../sandbox/provider.js";
import { base62, randomText } from "../../sandbox/random.js";
import type { OperationId } from "../../sandbox/routes.js";
import type { Instant } from "../../sandbox/time.js";
import {
  credentialOf,
  error,
  expiryOf,
  incorrect,
  invalid,
  json,
  listed,
  pageRequestOf,
  redacted,
  refused,
  secondsOf,
} from "./sandbox-answers.js";
import { KeyRows } from "./sandbox-rows.js";

export interface NewOpenAIKey {
  name?: string | undefined;
  createdAt?: Instant | undefined;
  /** null, as when it is left out: never. */
  expiresAt?: Instant | null | undefined;
  lastUsedAt?: Instant | null | undefined;
  /** What a key of a project is to this API: it authenticates, and may do nothing. */
  restricted?: boolean | undefined;
}

interface Row {
  readonly id: string;
  readonly secret: string;
  readonly restricted: boolean;
  readonly key: wire.ApiKey;
}

type Handler = (call: Call) => Answer;

export default function createServer(now: () => number): Server<wire.WireApiKey, NewOpenAIKey> {
  const rows = new KeyRows<Row>();
  const bySecret = new Map<string, Row>();
  const seconds = () => Math.floor(now() / 1000);

  const handlers: Record<string, Handler> = {
    listApiKeys({ query }) {
      const order = query.get("order") ?? "asc";
      if (order !== "asc" && order !== "desc") throw invalid("order must be asc or desc");
      const request = { ...pageRequestOf(query, Infinity), descending: order === "desc" };
      const page = rows.page(request);
      const keys = page.rows.map(({ key }) => key);
      return json(200, listed(keys, page.hasMore) satisfies wire.ListApiKeysResponse);
    },

    createApiKey({ body }) {
      const fields = new Fields(body, invalid);
      const name = fields.required("name", isFilled, "a string that is not empty");
      const { key, secret } = add({ name, expires_at: expiryOf(fields, seconds()) });
      return json(200, { ...key, value: secret } satisfies wire.CreateApiKeyResponse);
    },

    getApiKey: ({ params }) => json(200, find(params).key satisfies wire.ApiKey),

    deleteApiKey({ params }) {
      const row = find(params);
      rows.remove(row);
      bySecret.delete(row.secret);
      const deleted = { id: row.id, object: "organization.admin_api_key.deleted", deleted: true } as const;
      return json(200, deleted satisfies wire.DeleteApiKeyResponse);
    },
  } satisfies Record<OperationId<"openai">, Handler>;

  function add(fields: Partial<wire.ApiKey>, secret = `sk-admin-${randomText(48, base62)}`, restricted = false): Row {
    const created = fields.created_at ?? seconds();
    const id = rows.newId(created);
    const owner = { object: "organization.user", id: "user_sandbox", name: "Sandbox", created_at: created };
    const key: wire.ApiKey = {
      object: "organization.admin_api_key",
      id,
      name: "sandbox",
      redacted_value: redacted(secret, 8),
      created_at: created,
      expires_at: null,
      last_used_at: null,
      owner: { type: "user", ...owner, role: "owner" },
      ...fields,
    };
    const row = { id, secret, restricted, key };
    rows.add(row);
    bySecret.set(secret, row);
    return row;
  }

  function authenticate(headers: Headers): void {
    const secret = credentialOf(headers);
    const row = bySecret.get(secret);
    if (row === undefined || (row.key.expires_at ?? Infinity) <= seconds()) throw incorrect(secret);
    if (row.restricted) throw refused(403);
    row.key.last_used_at = seconds();
  }

  function find({ key_id: id = "" }: Call["params"]): Row {
    const row = rows.get(id);
    if (row === undefined) throw refused(404, "No such admin API key");
    return row;
  }

  return {
    credential: add({}, `sk-admin-${"0".repeat(48)}`).secret,
    answer(operation, call) {
      authenticate(call.headers);
      return handlers[operation]?.(call) ?? error(404);
    },
    error,
    fields: { name: "text", createdAt: "time", expiresAt: "time", lastUsedAt: "time", restricted: "boolean" },
    issue({ name = "issued", createdAt, expiresAt, lastUsedAt, restricted }) {
      const times = {
        expires_at: expiresAt ? secondsOf(expiresAt) : null,
        last_used_at: lastUsedAt ? secondsOf(lastUsedAt) : null,
        ...(createdAt === undefined ? {} : { created_at: secondsOf(createdAt) }),
      };
      const { id, secret } = add({ name, ...times }, undefined, restricted);
      return { id, secret };
    },
    keys: () => rows.all().map(({ key }) => ({ ...key })),
  };
}
