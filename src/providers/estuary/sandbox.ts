import type * as wire from "../../../generated/estuary/types.js";
import { parseGoDuration } from "../../go-duration.js";
import { Refusal, statusText, type Answer, type Call, type Server } from "../../sandbox/provider.js";
import { randomBelow, randomUuid } from "../../sandbox/random.js";
import type { OperationId } from "../../sandbox/routes.js";
import { sha256 } from "../../sha256.js";
import { microsOf, rfc3339, type Instant } from "../../sandbox/time.js";

/** Up to v0.1.10 a key is its plaintext alone; v0.1.11 knows hashes and labels; v0.4.3 keeps no plaintext. */
export type EstuaryVersion = "v0.1.10" | "v0.1.11" | "v0.4.3";

export interface NewEstuaryKey {
  label?: string | undefined;
  /** 30 days from now unless given. */
  expiry?: Instant | undefined;
  permissions?: "all" | "upload" | undefined;
  /** A login session. */
  isSession?: boolean | undefined;
  /** Made before v0.1.11: listed with its plaintext and without a hash, and deleted by its plaintext alone. */
  legacy?: boolean | undefined;
}

interface Row {
  token: string;
  hash: string;
  label: string;
  expiry: Time;
  uploadOnly: boolean;
  isSession: boolean;
  legacy: boolean;
  revoked: boolean;
  /** Until when the server lets the token in without a look at its database, in milliseconds since the epoch. */
  cachedUntil: number;
}

/** Go's times have nanoseconds. */
interface Time {
  ms: number;
  /** 0 to 999,999 beyond the millisecond. */
  nanos: number;
}

const HOUR = 3_600_000;
const THIRTY_DAYS = 30 * 24 * HOUR;
const HUNDRED_YEARS = 100 * 365 * 24 * HOUR;
const AUTHENTICATION_CACHE = 10_000;

const usualDetails: Readonly<Record<number, string>> = {
  429: "rate limit exceeded",
  500: "database is locked",
};
const format = "Authorization: Bearer ESTxxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxxARY";
const unsupported = `Unsupported authorization scheme: Bearer is a required prefix. The Authorization HTTP Header should be in the format "${format}".`;
const malformed = `Invalid Auth: An Invalid API Key was specified. The Authorization HTTP Header should be in the format "${format}". You have the Bearer prefix but your API Key is empty or missing.`;

export interface EstuarySandboxOptions {
  /** The Estuary server to be; the newest unless given. */
  estuaryVersion?: EstuaryVersion | undefined;
}

type Handler = (call: Call) => Answer;

export default function createServer(
  now: () => number,
  { estuaryVersion: version = "v0.4.3" }: EstuarySandboxOptions,
): Server<wire.WireApiKey, NewEstuaryKey> {
  /** What is not revoked, and what is and may still be in the cache. */
  const byToken = new Map<string, Row>();
  /** What is not revoked. */
  const byHash = new Map<string, Row>();
  const revokedAndCached = new Set<Row>();

  const handlers: Record<string, Handler> = {
    listApiKeys: () => json(200, Array.from(byHash.values(), listed)),

    createApiKey({ query }) {
      const expiry = later(lifetime(query.get("expiry") ?? ""));
      const permissions = query.get("perms") ?? "";
      if (permissions.includes(",")) throw failed("invalid perms");
      if (!["", "all", "upload"].includes(permissions)) {
        throw failed(`invalid perm: ${JSON.stringify(permissions)}`);
      }
      const label = version === "v0.1.10" ? "" : (query.get("label") ?? "");
      const row = add({ label, expiry, uploadOnly: permissions === "upload" });
      return json(200, shown(row, row.token, row.hash, 9));
    },

    // Whatever is named, there or not, the answer is the same.
    deleteApiKey({ params: { key_or_hash: name = "" } }) {
      const row = byToken.get(name) ?? (version === "v0.1.10" ? undefined : byHash.get(name));
      if (row !== undefined && !(row.legacy && row.token !== name)) revoke(row);
      return { status: 200, headers: everywhere, body: null };
    },

    exportUserData: () => {
      const data = { Contents: [], Deals: [] } satisfies wire.UserExportData;
      const date = fractional(later(0), 9);
      return json(200, { Version: "v0.0.1", Date: date, Version1: data } satisfies wire.UserExport);
    },

    getUserStats: () => json(200, { totalSize: 0, numPins: 0 } satisfies wire.UserStats),
  } satisfies Record<OperationId<"estuary">, Handler>;

  function add(key: Pick<Row, "label" | "expiry" | "uploadOnly"> & Partial<Row>): Row {
    const token = key.token ?? `EST${randomUuid()}ARY`;
    const hash = sha256(token);
    const usual = { isSession: false, legacy: false, revoked: false, cachedUntil: 0 };
    const row = { ...usual, ...key, token, hash };
    byToken.set(token, row);
    byHash.set(hash, row);
    return row;
  }

  function revoke(row: Row): void {
    row.revoked = true;
    byHash.delete(row.hash);
    revokedAndCached.add(row);
    for (const one of revokedAndCached) {
      if (now() < one.cachedUntil) continue;
      byToken.delete(one.token);
      revokedAndCached.delete(one);
    }
  }

  function authenticate(headers: Headers): void {
    const header = headers.get("authorization") ?? "";
    // What the web console sent after its cookie had gone.
    if (header === "" || header === "undefined") {
      throw unauthorized("ERR_AUTH_MISSING", "no api key was specified");
    }
    const [scheme, token = "", ...more] = header.split(" ");
    if (scheme !== "Bearer") throw unauthorized("ERR_AUTH_MISSING_BEARER", unsupported);
    if (token === "" || more.length > 0) throw unauthorized("ERR_INVALID_AUTH", malformed);
    const row = byToken.get(token);
    const expired = row !== undefined && row.expiry.ms <= now();
    const cached = row !== undefined && !expired && now() < row.cachedUntil;
    if (row === undefined || (row.revoked && !cached)) {
      throw unauthorized("ERR_INVALID_TOKEN", "api key does not exist");
    }
    if (expired) {
      const when = fractional(row.expiry, 6).replace("T", " ").replace("Z", " +0000 UTC");
      throw unauthorized("ERR_TOKEN_EXPIRED", `token for user 1 expired ${when}`);
    }
    // The cache came after v0.1.11.
    if (!cached && version === "v0.4.3") row.cachedUntil = now() + AUTHENTICATION_CACHE;
    if (row.uploadOnly) {
      throw new Refusal(errorOf(403, "ERR_NOT_AUTHORIZED", "api key is upload only"));
    }
  }

  /** How long a new key lives, in milliseconds. */
  function lifetime(expiry: string): number {
    if (expiry === "") return THIRTY_DAYS;
    if (expiry === "false") return HUNDRED_YEARS;
    const duration = parseGoDuration(expiry);
    if ("problem" in duration) throw failed(duration.problem);
    return duration.ms;
  }

  /** Nanoseconds are more than the clock here has; the last digits are any. */
  function later(ms: number): Time {
    return { ms: Math.floor(now() + ms), nanos: randomBelow(1_000_000) };
  }

  function listed(row: Row): object {
    const plaintextKept = row.legacy || version !== "v0.4.3";
    return shown(row, plaintextKept ? row.token : "", row.legacy ? "" : row.hash, 6);
  }

  function shown(row: Row, token: string, tokenHash: string, digits: number): object {
    const expiry = fractional(row.expiry, digits);
    const { label, isSession } = row;
    if (version === "v0.1.10") return { token, expiry } satisfies wire.ApiKey;
    if (version === "v0.1.11") return { token, tokenHash, label, expiry } satisfies wire.ApiKey;
    return { token, tokenHash, label, expiry, isSession } satisfies Required<wire.ApiKey>;
  }

  const everywhere = { "x-appversion": version };
  const json = (status: number, value: object): Answer => ({
    status,
    headers: { ...everywhere, "content-type": "application/json; charset=UTF-8" },
    body: `${JSON.stringify(value)}\n`,
  });
  const preflight = (headers: Headers): Answer => {
    const asked = headers.get("access-control-request-headers");
    const methods = { "access-control-allow-methods": "GET,HEAD,PUT,PATCH,POST,DELETE" };
    const allowed = asked === null ? {} : { "access-control-allow-headers": asked };
    return { status: 204, headers: { ...everywhere, ...methods, ...allowed }, body: null };
  };
  const errorOf = (code: number, reason: string, details: string): Answer =>
    json(code, { error: { code, reason, details } } satisfies wire.ErrorResponse);
  const unauthorized = (reason: string, details: string): Refusal => new Refusal(errorOf(401, reason, details));
  const failed = (details: string): Refusal => new Refusal(error(500, details));

  function error(status: number, message?: string): Answer {
    if (status === 401) {
      return errorOf(status, "ERR_INVALID_TOKEN", message ?? "api key does not exist");
    }
    if (status === 403) {
      return errorOf(status, "ERR_NOT_AUTHORIZED", message ?? "user not authorized");
    }
    const details = message ?? usualDetails[status] ?? statusText(status);
    return errorOf(status, statusText(status), details);
  }

  /** Every answer is for pages of any origin, a refusal too. */
  function shared(headers: Headers, answer: () => Answer): Answer {
    let given: Answer;
    try {
      given = answer();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      given = error.answer;
    }
    if (!headers.has("origin")) return given;
    return { ...given, headers: { ...given.headers, vary: "Origin", "access-control-allow-origin": "*" } };
  }

  const credential = add({
    token: "EST00000000-0000-4000-8000-000000000000ARY",
    label: "sandbox",
    expiry: later(HUNDRED_YEARS),
    uploadOnly: false,
  }).token;

  return {
    credential,
    answer: (operation, call) =>
      shared(call.headers, () => {
        authenticate(call.headers);
        return handlers[operation]?.(call) ?? error(404);
      }),
    routed: (path) => path.replace(/(?<=.)\/$/, ""),
    answerOther: ({ method, path, headers }) =>
      shared(headers, () => {
        // A browser asking what it may send, or anybody else.
        if (method === "OPTIONS") return preflight(headers);
        // What is below /user stands behind the check of the credential, whether there is such a path or not.
        if (/^\/user(\/|$)/.test(path)) authenticate(headers);
        return error(404);
      }),
    // The server knows no 405: a path below /user that is not served with this method is not found.
    hasNoRetryAfter: true,
    error: (status, message) => error(status === 405 ? 404 : status, message),
    fields: { label: "text", expiry: "time", permissions: ["all", "upload"], isSession: "boolean", legacy: "boolean" },
    issue({ label = "", expiry, permissions, isSession = false, legacy = false }) {
      const at = expiry === undefined ? later(THIRTY_DAYS) : timeOf(expiry);
      const row = add({
        label,
        expiry: at,
        uploadOnly: permissions === "upload",
        isSession,
        legacy,
      });
      return { id: row.hash, secret: row.token };
    },
    keys: () =>
      Array.from(byHash.values(), ({ hash, label, expiry, isSession }) => {
        return { tokenHash: hash, label, expiry: fractional(expiry, 6), isSession };
      }),
  };
}

function timeOf(instant: Instant): Time {
  const micros = microsOf(instant);
  const ms = Math.floor(micros / 1000);
  return { ms, nanos: (micros - ms * 1000) * 1000 };
}

/** As Go writes a time: without trailing zeros in its fraction. */
function fractional({ ms, nanos }: Time, digits: number): string {
  const millis = new Date(ms).toISOString().slice(20, 23);
  const fraction = millis + String(nanos).padStart(6, "0");
  return rfc3339(ms, fraction.slice(0, digits).replace(/0+$/, ""));
}
