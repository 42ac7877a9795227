import { api } from "../../../generated/openrouter/api.js";
import type {
  CreateApiKeyRequest,
  CurrentApiKey,
  operations,
  UpdateApiKeyRequest,
} from "../../../generated/openrouter/types.js";
import { checkedKey, checkedObject, requireDeleted } from "../../answer.js";
import type { CallPromise } from "../../call.js";
import { changeable } from "../../changeable.js";
import { connect } from "../../connection.js";
import { sameName } from "../../create.js";
import type { Call } from "../../http/transport.js";
import { isObject } from "../../json.js";
import { toApiKey } from "../../key.js";
import type { Changeable } from "../../keys.js";
import type { CallOptions, ClientOptions } from "../../options.js";
import { toWire } from "../../wire.js";
import type { OpenRouterFilter, OpenRouterPatch } from "./words.js";

export type { CurrentApiKey } from "../../../generated/openrouter/types.js";
export type * from "./words.js";

/** The keys of an OpenRouter account. Everything but `current()` needs a management key. */
export interface OpenRouterKeys extends Changeable<"openrouter"> {
  /** What the credential itself is and has left, as the server sends it. Any key may ask, not only a management key. */
  current(options?: CallOptions): CallPromise<CurrentApiKey>;
}

/**
 * The keys of an OpenRouter account.
 *
 * @throws ConfigurationError where there is no credential, or an option cannot be right.
 *
 * @example
 * ```ts
 * import { openrouter } from "keysmith";
 *
 * const keys = openrouter(); // the credential is in OPENROUTER_MANAGEMENT_KEY
 * const { id, secret } = await keys.create({ name: "customer 7", limit: 25, limitReset: "monthly" });
 * console.log(secret.reveal().length); // never shown unless asked
 * await keys.revoke(id);
 * ```
 */
export function openrouter(options: ClientOptions = {}): OpenRouterKeys {
  const connection = connect(api, options);
  const toKey = (wire: unknown) => toApiKey(api, isObject(wire) ? wire : {});
  const dataOf = (body: unknown, call: Call) => checkedObject(call, checkedObject(call, body)["data"]);
  const keyOf = (body: unknown, call: Call) => checkedKey(call, toKey(dataOf(body, call)));
  const list = (filter: OpenRouterFilter = {}, options?: CallOptions) =>
    connection.list("listApiKeys", options, toWire(filter) satisfies Query, toKey);

  return {
    provider: "openrouter",
    client: connection.client,
    with: (change) => openrouter(change(options)),
    list,
    create: ({ external, ...input }, options) => {
      const given = external?.apiKey;
      const apiKey = typeof given === "object" ? given.reveal() : given;
      const body: CreateApiKeyRequest = {
        ...toWire(input),
        ...(external && { external: toWire({ user: external.user, apiKey }) }),
      };
      return connection.create("createApiKey", options, {
        body,
        secrets: [apiKey],
        toKey: ({ data }) => toKey(data),
        list: (options) => list({ includeDisabled: true, workspaceId: input.workspaceId }, options),
        matches: sameName(input.name),
      });
    },
    ...changeable(connection, keyOf, (patch: OpenRouterPatch): UpdateApiKeyRequest => toWire(patch)),
    revoke: (key, options) =>
      connection.call("deleteApiKey", options, {
        key,
        result: (body, call) => requireDeleted(call, body, key),
      }),
    current: (options) =>
      connection.call("getCurrentApiKey", options, {
        result: (body, call) => dataOf(body, call) as unknown as CurrentApiKey,
      }),
  };
}

type Query = NonNullable<operations["listApiKeys"]["parameters"]["query"]>;
