import { api } from "../../../generated/estuary/api.js";
import type { operations, UserExport, UserStats } from "../../../generated/estuary/types.js";
import { checkedObject } from "../../answer.js";
import type { CallPromise } from "../../call.js";
import { connect } from "../../connection.js";
import { durationMs, withoutDays } from "../../go-duration.js";
import { BadRequestError, isKeysmithError, NotFoundError, ServerError } from "../../http/errors.js";
import { failure } from "../../http/failure.js";
import type { Call } from "../../http/transport.js";
import { checkedId } from "../../id.js";
import { cleanName, toApiKey, type ApiKey, type CreatedApiKey } from "../../key.js";
import type { Keys } from "../../keys.js";
import type { CallOptions, ClientOptions } from "../../options.js";
import { looksLikePlaintext } from "../../plaintext.js";
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
 */
export function estuary(options: ClientOptions = {}): EstuaryKeys {
  const connection = connect(api, options);
  // The plaintext of listed keys that have no hash, for their revocation.
  const tokens = new WeakMap<ApiKey, string>();
  const toKey = async (shown: Record<string, unknown>, plaintext: string | undefined) => {
    const key = toApiKey(api, shown);
    if (!key.id && plaintext !== undefined) {
      // Where there is no SHA-256 (a page that is not secure), a new token is delivered all the same.
      key.id = await hashOf(plaintext).catch(() => "");
      tokens.set(key, plaintext);
    }
    return key;
  };
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
          return key.name === cleanName(name) && created >= since - life.slackMs && created <= until + life.slackMs
            ? `It has the same label, and its expiry (${key.expiresAt ?? ""}) fits.`
            : undefined;
        },
      });
    },
    revoke: (key, { confirm = true, ...options } = {}) => {
      let id = "";
      const listed = async () => (await list(undefined, options).toArray()).find((one) => one.id === id);
      return connection.call("deleteApiKey", options, {
        prepare: async (call) => {
          const given = checkedId(call, key);
          id = looksLikePlaintext(api, given) ? await hashOf(given) : given;
          const found = confirm ? await listed() : typeof key === "object" ? key : undefined;
          if (confirm && !found) {
            throw failure(NotFoundError, call, "the list does not hold this key. It may be revoked already.");
          }
          const token = found && tokens.get(found);
          if (token) call.secrets.add(token);
          return token ? { plaintext: token } : { key: id };
        },
        result: async (_body, call) => {
          if (!confirm) return;
          const still = await listed().catch(async (error: unknown) => {
            // A credential that has revoked itself can no longer look, which is the proof.
            const own = await hashOf(call.credential ?? "");
            if (isKeysmithError(error) && error.kind === "authentication" && own === id) return undefined;
            throw error;
          });
          if (still) throw failure(ServerError, call, "the server said done and still lists it. Try again.");
        },
      });
    },
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

/** SHA-256, base64url without padding: what Estuary calls a key's hash. */
async function hashOf(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");
}

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
