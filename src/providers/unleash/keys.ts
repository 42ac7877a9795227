import { api } from "../../../generated/unleash/api.js";
import type { CreateApiKeyRequest, UpdateApiKeyRequest } from "../../../generated/unleash/types.js";
import type { CallPromise } from "../../call.js";
import { connect } from "../../connection.js";
import { sameName } from "../../create.js";
import { HashedIds } from "../../hashed-ids.js";
import { InvalidResponseError } from "../../http/errors.js";
import { failure } from "../../http/failure.js";
import type { ApiKey } from "../../key.js";
import type { Keys } from "../../keys.js";
import type { CallOptions, ClientOptions } from "../../options.js";
import { withoutUndefined } from "../../wire.js";
import type { UnleashPatch } from "./words.js";

export type * from "./words.js";

/**
 * The API tokens of an Unleash server. Needs an admin token, or a personal access token of a user who may manage them. The
 * list holds all that the credential may read, in no promised order: expired ones and admin tokens, too.
 *
 * The server knows a token by nothing but its plaintext. An id here is the plaintext's hash; to update and revoke, the
 * list is looked at before, for the plaintext that has to stand in the URL, and after, since the server answers 200 to
 * all.
 */
export interface UnleashKeys extends Keys<"unleash"> {
  /**
   * Sets when a token stops working, and gives it as it is then. One that was expired may be refused for another minute.
   *
   * @throws NotFoundError where the list does not hold it.
   */
  update(id: string, patch: UnleashPatch, options?: CallOptions): CallPromise<ApiKey<"unleash">>;
  /**
   * Revokes a token for good; the server may honour it for another minute. Takes a key, its id, or its plaintext.
   *
   * @throws NotFoundError where the list does not hold it; ServerError where it still does afterwards.
   */
  revoke(key: ApiKey<"unleash"> | string, options?: CallOptions): CallPromise<void>;
}

/**
 * The API tokens of an Unleash server, whose address is `baseUrl`, up to and without `/api`.
 *
 * @throws ConfigurationError where there is no credential or no base URL, or an option cannot be right.
 *
 * @example
 * ```ts
 * import { unleash } from "keysmith";
 *
 * // The credential is in UNLEASH_API_TOKEN.
 * const keys = unleash({ baseUrl: process.env["UNLEASH_BASE_URL"] ?? "http://127.0.0.1:4242" });
 * const { id } = await keys.create({ name: "checkout", type: "client", environment: "production" });
 * await keys.revoke(id);
 * ```
 */
export function unleash(options: ClientOptions = {}): UnleashKeys {
  const connection = connect(api, options);
  const ids = new HashedIds(api);
  const toKey = ids.toKey.bind(ids);
  const list = (_filter?: undefined, options?: CallOptions) => connection.list("listApiKeys", options, {}, toKey);

  return {
    provider: "unleash",
    client: connection.client,
    with: (change) => unleash(change(options)),
    list,
    create: ({ name, ...input }, options) => {
      const body: CreateApiKeyRequest = withoutUndefined({ tokenName: name, ...input });
      return connection.create("createApiKey", options, {
        body,
        toKey,
        list: (options) => list(undefined, options),
        matches: sameName(name),
      });
    },
    update: (id, patch, options) => {
      const body: UpdateApiKeyRequest = withoutUndefined(patch);
      return connection.call("updateApiKey", options, {
        prepare: async (call) => ({ ...ids.named(call, await ids.find(call, id, list(undefined, options))), body }),
        result: async (_body, call) => {
          const updated = await ids.find(call, id, list(undefined, options));
          if (Date.parse(updated.expiresAt ?? "") === Date.parse(body.expiresAt)) return updated;
          const shown = JSON.stringify(updated.expiresAt ?? null);
          const problem = `the server answered as if done, and expiresAt is still ${shown}. Set it again.`;
          throw failure(InvalidResponseError, call, problem);
        },
      });
    },
    revoke: (key, options) =>
      connection.call("deleteApiKey", options, {
        prepare: async (call) => ids.named(call, await ids.find(call, key, list(undefined, options))),
        result: (_body, call) => ids.requireGone(call, key, list(undefined, options)),
      }),
  };
}
