import { api } from "../../../generated/estuary/api.js";
import type { operations, UserExport, UserStats } from "../../../generated/estuary/types.js";
import { checkedObject } from "../../answer.js";
import type { CallPromise } from "../../call.js";
import { connect } from "../../connection.js";
import { durationMs, withoutDays } from "../../go-duration.js";
import { HashedIds } from "../../hashed-ids.js";
import { BadRequestError } from "../../http/errors.js";
import { failure } from "../../http/failure.js";
import type { Call } from "../../http/transport.js";
import { isNamed, type ApiKey, type CreatedApiKey } from "../../key.js";
import type { Keys } from "../../keys.js";
import type { CallOptions, ClientOptions } from "../../options.js";
import { toWire } from "../../wire.js";
import type { EstuaryCreateInput } from "./words.js";

export type { UserExport, UserStats } from "../../../generated/estuary/types.js";
export type * from "./words.js";

export interface EstuaryRevokeOptions extends CallOptions {
  /**
   * Whether to look at the list before and after, since Estuary answers 200 to every revocation. `true` unless given;
   * with `false`, revoking a key that is not there succeeds.
   */
  confirm?: boolean | undefined;
}

/**
 * The keys of an Estuary user. Needs a key with the permission `all`. The list holds all keys in no promised order: expired
 * ones and login sessions (`raw.isSession`), too.
 */
export interface EstuaryKeys extends Keys<"estuary"> {
  create(input?: EstuaryCreateInput, options?: CallOptions): CallPromise<CreatedApiKey<"estuary">>;
  /**
   * Revokes a key for good; the server may honour it for another 10 seconds. Takes a key, its id, or its token, which is
   * hashed here and never stands in a URL; but for a listed key of an old server that has no hash.
   *
   * @throws NotFoundError where the list does not hold it; ServerError where it still does afterwards.
   */
  revoke(key: ApiKey<"estuary"> | string, options?: EstuaryRevokeOptions): CallPromise<void>;
  /** How much the user has stored: `totalSize` in bytes, `numPins`. */
  stats(options?: CallOptions): CallPromise<UserStats>;
  /** The records of the user's content and deals. May be large: up to 512 MB are read unless `maxBodyBytes` says otherwise. */
  export(options?: CallOptions): CallPromise<UserExport>;
}

/**
 * The keys of an Estuary user. The hosted service is discontinued: point `baseUrl` at a node of your own.
 *
 * @throws ConfigurationError where there is no credential, or an option cannot be right.
 *
 * @example
 * ```ts
 * import { estuary } from "keysmith";
 *
 * // The credential is in ESTUARY_API_KEY.
 * const keys = estuary({ baseUrl: process.env["ESTUARY_BASE_URL"] ?? "http://127.0.0.1:3004" });
 * const key = await keys.create({ name: "ci", expiresIn: "30d", permissions: "upload" });
 * await keys.revoke(key);
 * ```
 */
export function estuary(options: ClientOptions = {}): EstuaryKeys {
  const connection = connect(api, options);
  // The server's own hashes, and ours of keys that it has none of.
  const ids = new HashedIds(api);
  const toKey = ids.toKey.bind(ids);
  const list = (_filter?: undefined, options?: CallOptions) => connection.list("listApiKeys", options, {}, toKey);

  return {
    provider: "estuary",
    client: connection.client,
    with: (change) => estuary(change(options)),
    list,
    create: ({ name = "", expiresIn, permissions } = {}, options) => {
      let life: Lifetime = { ms: 30 * DAY_MS, slackMs: 0 };
      return connection.create("createApiKey", options, {
        // Refused here, since Estuary would answer with a 500, or with a key that has expired already.
        prepare: (call) => {
          if (expiresIn !== undefined) life = lifetimeOf(call, expiresIn);
          const query: Query = toWire({ label: name || undefined, expiry: life.expiry, perms: permissions });
          return Promise.resolve({ query });
        },
        toKey,
        list: (options) => list(undefined, options),
        // Estuary does not tell when a key was created, but when it expires: that much later.
        matches: (key, since, until) => {
          const created = Date.parse(key.expiresAt ?? "") - life.ms;
          return isNamed(key.name, name) && created >= since - life.slackMs && created <= until + life.slackMs
            ? `It has the same label, and its expiry (${key.expiresAt ?? ""}) fits.`
            : undefined;
        },
      });
    },
    revoke: (key, { confirm = true, ...options } = {}) =>
      connection.call("deleteApiKey", options, {
        prepare: async (call) => ids.named(call, confirm ? await ids.find(call, key, list(undefined, options)) : key),
        result: async (_body, call) => {
          if (confirm) await ids.requireGone(call, key, list(undefined, options));
        },
      }),
    stats: (options) =>
      connection.call("getUserStats", options, {
        result: (body, call) => checkedObject(call, body) as unknown as UserStats,
      }),
    export: (options) =>
      connection.call("exportUserData", options, {
        result: (body, call) => checkedObject(call, body) as unknown as UserExport,
        maxBodyBytes: 512_000_000,
      }),
  };
}

type Query = NonNullable<operations["createApiKey"]["parameters"]["query"]>;

interface Lifetime {
  /** What Estuary takes; absent for its default. */
  expiry?: string;
  ms: number;
  /** How far off `ms` may be. */
  slackMs: number;
}

const DAY_MS = 86_400_000;

function lifetimeOf(call: Call, expiresIn: string): Lifetime {
  // 100 years, whose leap days nobody documents.
  if (expiresIn === "never") return { expiry: "false", ms: 36_512 * DAY_MS, slackMs: 30 * DAY_MS };
  const expiry = withoutDays(expiresIn);
  const ms = durationMs(expiry);
  if (ms !== undefined) return { expiry, ms, slackMs: 0 };
  const given = JSON.stringify(expiresIn.slice(0, 40));
  const problem = `expiresIn ${given} is no duration above zero. Give "720h", "30d" or "2w", or "never".`;
  throw failure(BadRequestError, call, problem);
}
