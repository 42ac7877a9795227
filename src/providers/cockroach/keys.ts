import { api } from "../../../generated/cockroach/api.js";
import type { CreateApiKeyRequest, operations, UpdateApiKeySpecification } from "../../../generated/cockroach/types.js";
import { checkedKey, checkedObject } from "../../answer.js";
import { changeable, requireAsked } from "../../changeable.js";
import { connect } from "../../connection.js";
import { sameName } from "../../create.js";
import type { Call } from "../../http/transport.js";
import { isObject } from "../../json.js";
import { toApiKey } from "../../key.js";
import type { Changeable } from "../../keys.js";
import type { CallOptions, ClientOptions } from "../../options.js";
import { toWire } from "../../wire.js";
import { idOf } from "./id-of.js";
import type { CockroachFilter, CockroachPatch } from "./words.js";

export type * from "./words.js";

/**
 * The keys of a CockroachDB Cloud organization, listed oldest first unless the filter says otherwise. Reading needs
 * ORG_ADMIN, CLUSTER_ADMIN or AUDITOR; writing ORG_ADMIN.
 */
export type CockroachKeys = Changeable<"cockroach">;

/**
 * The keys of a CockroachDB Cloud organization.
 *
 * @throws ConfigurationError where there is no credential, or an option cannot be right.
 *
 * @example
 * ```ts
 * import { cockroach } from "keysmith";
 *
 * const keys = cockroach(); // the credential is in COCKROACH_API_KEY
 * const { id } = await keys.create({ name: "ci", serviceAccountId: "1234abcd-1234-1234-abcd-12345678abcd" });
 * await keys.revoke(id);
 * ```
 */
export function cockroach(options: ClientOptions = {}): CockroachKeys {
  const connection = connect(api, options);
  const toKey = (wire: Record<string, unknown>) => toApiKey(api, wire);
  const keyOf = (body: unknown, call: Call) => checkedKey(call, toKey(checkedObject(call, body)));
  const list = (filter: CockroachFilter = {}, options?: CallOptions) => {
    const query: Query = toWire({
      serviceAccountId: filter.serviceAccountId,
      "pagination.sort_order": filter.sortOrder,
      "pagination.as_of_time": filter.asOfTime,
      "pagination.limit": filter.pageSize,
    });
    return connection.list("listApiKeys", options, query, toKey);
  };

  return {
    provider: "cockroach",
    client: connection.client,
    with: (change) => cockroach(change(options)),
    list,
    create: (input, options) => {
      const body: CreateApiKeyRequest = toWire(input);
      return connection.create("createApiKey", options, {
        body,
        toKey: ({ api_key: wire }, secret) => {
          const key = toKey(isObject(wire) ? wire : {});
          return key.id ? key : { ...key, id: idOf(secret) ?? "" };
        },
        list: (options) => list({ serviceAccountId: input.serviceAccountId }, options),
        matches: sameName(input.name),
      });
    },
    ...changeable(connection, keyOf, (patch: CockroachPatch): UpdateApiKeySpecification => toWire(patch)),
    revoke: (key, options) =>
      connection.call("deleteApiKey", options, {
        key,
        // The answer shows the key that was deleted.
        result: (body, call) => {
          if (!call.gone) requireAsked(call, keyOf(body, call), key);
        },
      }),
  };
}

type Query = NonNullable<operations["listApiKeys"]["parameters"]["query"]>;
