import { api } from "../../../generated/cockroach/api.js";
import type * as wire from "../../../generated/cockroach/types.js";
import { decodeCursor, encodeCursor, indexAfter, pageOf, type HeldKey } from "./sandbox-pages.js";
import { Fields, isFilled, isText, isUuid } from "../../sandbox/fields.js";
import { Refusal, statusText, type Answer, type Call, type Server } from "../../sandbox/provider.js";
import { base62, randomText } from "../../sandbox/random.js";
import type { OperationId } from "../../sandbox/routes.js";
import { microsOf, parseRfc3339, rfc3339, type Instant } from "../../sandbox/time.js";

export interface NewCockroachKey {
  name?: string | undefined;
  /** A UUID; the account with ORG_ADMIN unless given. */
  serviceAccountId?: string | undefined;
  createdAt?: Instant | undefined;
}

const serviceAccounts = {
  orgAdmin: "00000000-0000-4000-8000-00000000000a",
  clusterAdmin: "00000000-0000-4000-8000-00000000000b",
  auditor: "00000000-0000-4000-8000-00000000000c",
  none: "00000000-0000-4000-8000-00000000000d",
} as const;

/** What Cc-Version may be: the documentation and official clients send the older ones, too. */
const versions = new Set<string>([api.headers["Cc-Version"], "latest", "2023-04-10", "2022-09-20"]);

/** What a key of an account may do; with any other account, everything. */
const reading = new Set<string>(["listApiKeys", "getApiKey"]);
const permissions: Readonly<Record<string, ReadonlySet<string>>> = {
  [serviceAccounts.clusterAdmin]: reading,
  [serviceAccounts.auditor]: reading,
  [serviceAccounts.none]: new Set(),
};

/** CockroachDB forgets, too, after hours. Here it goes by number, so that what is held does not grow with every request. */
const MAX_DELETED = 10_000;

export interface CockroachSandbox {
  /** A service account of CockroachDB Cloud's for each role that matters, and one without any. Any other UUID has ORG_ADMIN. */
  serviceAccounts: Readonly<Record<"orgAdmin" | "clusterAdmin" | "auditor" | "none", string>>;
}

type Handler = (call: Call) => Answer;

export default function createServer(
  now: () => number,
): Server<wire.WireApiKey, NewCockroachKey> & { extras: CockroachSandbox } {
  /** By creation, and deleted ones too: a list can be asked for as of an earlier time. */
  let rows: HeldKey[] = [];
  /** When each deleted one of them was deleted, the earliest first. */
  let deletions: number[] = [];
  /** Of a time before this, nobody knows any more which keys there were. */
  let forgotten = -Infinity;
  const bySecret = new Map<string, HeldKey>();
  const byId = new Map<string, HeldKey>();
  let latest = -Infinity;

  const handlers: Record<string, Handler> = {
    listApiKeys({ query }) {
      const request = readPageRequest(query);
      if (request.asOf !== undefined && request.asOf < forgotten) {
        throw invalid(`pagination.as_of_time is too long ago: more than ${MAX_DELETED / 2} keys were deleted since`);
      }
      const { keys, next, previous } = pageOf(rows, request);
      const pagination = {
        next_page: next ? encodeCursor(next) : "",
        previous_page: previous ? encodeCursor(previous) : "",
      };
      return json(200, { api_keys: keys, pagination } satisfies wire.ListApiKeysResponse);
    },

    createApiKey({ body }) {
      const fields = new Fields(body, invalid);
      const name = fields.required("name", isFilled, "a string that is not empty");
      const account = fields.required("service_account_id", isUuid, "a UUID");
      const { key, secret } = add(name, account, tick());
      return json(200, { api_key: key, secret } satisfies wire.CreateApiKeyResponse);
    },

    getApiKey: ({ params }) => json(200, find(params).key satisfies wire.ApiKey),

    updateApiKey({ params, body }) {
      const name = new Fields(body, invalid).optional("name", isText, "a string");
      const { key } = find(params);
      if (name !== undefined) key.name = name;
      return json(200, key satisfies wire.ApiKey);
    },

    deleteApiKey({ params }) {
      const row = find(params);
      row.deleted = tick();
      byId.delete(row.key.id);
      bySecret.delete(row.secret);
      deletions.push(row.deleted);
      if (deletions.length > MAX_DELETED) forget();
      return json(200, row.key satisfies wire.ApiKey);
    },
  } satisfies Record<OperationId<"cockroach">, Handler>;

  /** Drops the older half of the deleted keys. */
  function forget(): void {
    const earliest = deletions.length - MAX_DELETED / 2;
    const last = deletions[earliest - 1] ?? forgotten;
    forgotten = last;
    deletions = deletions.slice(earliest);
    rows = rows.filter(({ deleted = Infinity }) => deleted > last);
  }

  /** The time in microseconds, later than at the last call. The clock has milliseconds; the rest is a counter. */
  function tick(): number {
    latest = Math.max(Math.floor(now()) * 1000, latest + 1);
    return latest;
  }

  function add(name: string, account: string, at: number, id = newId(), rest?: string): HeldKey {
    let created = at;
    let index = indexAfter(rows, created);
    for (; rows[index - 1]?.created === created; index = indexAfter(rows, created)) created++;
    const created_at = rfc3339(Math.floor(created / 1000), String(((created % 1e6) + 1e6) % 1e6).padStart(6, "0"));
    const key = { id, name, service_account_id: account, created_at };
    const secret = `${id}_${rest ?? randomText(40, base62)}`;
    const row = { key, secret, created, deleted: undefined };
    rows.splice(index, 0, row);
    byId.set(id, row);
    bySecret.set(secret, row);
    return row;
  }

  function authorize(operation: string, headers: Headers): void {
    const version = headers.get("cc-version");
    if (version !== null && !versions.has(version)) {
      throw invalid("invalid Cc-Version.");
    }
    const [, secret = ""] = /^bearer +(.+)$/i.exec(headers.get("authorization") ?? "") ?? [];
    const account = bySecret.get(secret)?.key.service_account_id.toLowerCase();
    if (account === undefined) throw new Refusal(error(401));
    if (permissions[account]?.has(operation) === false) throw new Refusal(error(403));
  }

  function find({ id = "" }: Call["params"]): HeldKey {
    const row = byId.get(id);
    if (row === undefined) throw new Refusal(error(404));
    return row;
  }

  const admin = serviceAccounts.orgAdmin;
  const id = `CCDB1_${"Sandbox".repeat(3)}0`;
  const credential = add("sandbox", admin, tick(), id, "0".repeat(40)).secret;

  return {
    credential,
    answer(operation, call) {
      authorize(operation, call.headers);
      return handlers[operation]?.(call) ?? error(404);
    },
    error,
    fields: { name: "text", serviceAccountId: "uuid", createdAt: "time" },
    issue({ name = "issued", serviceAccountId = admin, createdAt }) {
      const at = createdAt === undefined ? tick() : Math.floor(microsOf(createdAt));
      const { key, secret } = add(name, serviceAccountId, at);
      return { id: key.id, secret };
    },
    keys: () => Array.from(byId.values(), ({ key }) => ({ ...key })),
    extras: { serviceAccounts },
  };
}

const newId = (): string => `CCDB1_${randomText(22, base62)}`;

function readPageRequest(query: URLSearchParams) {
  const limit = query.get("pagination.limit") ?? "100";
  if (!/^[1-9]\d{0,9}$/.test(limit) || Number(limit) >= 2 ** 31) {
    throw invalid("pagination.limit must be a positive integer of 32 bits");
  }
  const order = query.get("pagination.sort_order") ?? "ASC";
  if (order !== "ASC" && order !== "DESC") {
    throw invalid("pagination.sort_order must be ASC or DESC");
  }
  const account = query.get("service_account_id") ?? undefined;
  if (account !== undefined && !isUuid(account)) throw invalid("service_account_id must be a UUID");
  const page = query.get("pagination.page") ?? "";
  const cursor = page === "" ? undefined : decodeCursor(page);
  if (page !== "" && cursor === undefined) throw invalid("pagination.page is no cursor");
  return {
    limit: Number(limit),
    descending: order === "DESC",
    serviceAccountId: account?.toLowerCase(),
    asOf: readAsOf(query.get("pagination.as_of_time")),
    cursor,
  };
}

function readAsOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const time = parseRfc3339(text);
  if (time === undefined) throw invalid("pagination.as_of_time must be an RFC 3339 time");
  // The clock here has milliseconds. A time from such a clock means all of its millisecond.
  return time.digits <= 3 ? time.micros + 999 : time.micros;
}

/** gRPC's mapping from HTTP; what is not in it is 2, UNKNOWN. */
const codes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  408: 4,
  409: 10,
  429: 8,
  500: 13,
  501: 12,
  502: 14,
  503: 14,
  504: 4,
};

const messages: Readonly<Record<number, string>> = {
  401: "unauthenticated",
  403: "permission denied",
  429: "rate limit exceeded",
  500: "internal error",
  503: "unavailable",
};

function json(status: number, value: object): Answer {
  const headers = { "content-type": "application/json" };
  return { status, headers, body: JSON.stringify(value) };
}

function error(status: number, message = messages[status]): Answer {
  return json(status, {
    code: codes[status] ?? 2,
    message: message ?? statusText(status).toLowerCase(),
    details: [],
  } satisfies wire.Status);
}

const invalid = (problem: string): Refusal => new Refusal(error(400, problem));
