import { api } from "../../../generated/cockroach/api.js";
import type {
  CreateApiKeyRequest,
  operations,
  SortOrder,
  UpdateApiKeySpecification,
} from "../../../generated/cockroach/types.js";
import { checkedKey, checkedObject, connect, sameName, type CallPromise } from "../../connection.js";
import { isObject } from "../../json.js";
import type { Call } from "../../http/transport.js";
import { toApiKey, type ApiKey, type CreatedApiKey } from "../../key.js";
import type { KeyList } from "../../list.js";
import type { CallOptions, ClientOptions } from "../../options.js";
import type { Transport } from "../../raw-client.js";
import { toWire } from "../../wire.js";

export interface CockroachFilter {
  /** Only the keys of this service account (a UUID). */
  serviceAccountId?: string | undefined;
  /** By creation: `ASC`, oldest first, unless given. */
  sortOrder?: SortOrder | undefined;
  /** The list as it was at this time (RFC 3339): every page shows the same state. The present unless given. */
  asOfTime?: string | undefined;
  /** How many keys a page has at most. The server's own default unless given. */
  pageSize?: number | undefined;
}

export interface CockroachCreateInput {
  /** For people. */
  name: string;
  /** The service account (a UUID) that the key acts as. Its roles are the key's. */
  serviceAccountId: string;
}

export interface CockroachPatch {
  /** For people. */
  name: string;
}

/** The keys of a CockroachDB Cloud organization. Reading needs ORG_ADMIN, CLUSTER_ADMIN or AUDITOR; writing ORG_ADMIN. */
export interface CockroachKeys {
  readonly provider: "cockroach";
  /** The keys of the organization, oldest first, or those that the filter says. */
  list(filter?: CockroachFilter, options?: CallOptions): KeyList<"cockroach">;
  /**
   * Creates a key, and gives its plaintext as `secret`. It is never sent twice.
   *
   * @throws CreateOutcomeUnknownError where nothing tells whether a key was made.
   */
  create(input: CockroachCreateInput, options?: CallOptions): CallPromise<CreatedApiKey<"cockroach">>;
  /** The key of this id. @throws NotFoundError where there is none. */
  get(id: string, options?: CallOptions): CallPromise<ApiKey<"cockroach">>;
  /** Renames a key, and gives it. @throws NotFoundError; BadRequestError where the patch is empty, which is not sent. */
  update(id: string, patch: CockroachPatch, options?: CallOptions): CallPromise<ApiKey<"cockroach">>;
  /** Revokes a key for good. @throws NotFoundError where there is none. */
  revoke(key: ApiKey<"cockroach"> | string, options?: CallOptions): CallPromise<void>;
  /**
   * A client of your own over the same transport: with `createClient` of `keysmith/cockroach`, the typed openapi-fetch
   * client. Wire names and wire bodies, plaintext keys included; a refusal is its `error`, and what is thrown is
   * keysmith's. `Transport` says what its middleware can do.
   */
  readonly client: <Client>(create: (transport: Transport) => Client) => Client;
  /** The same with other options: another credential, say, with the rest as it is. */
  with(change: (options: ClientOptions) => ClientOptions): CockroachKeys;
}

/**
 * The keys of a CockroachDB Cloud organization.
 *
 * @throws ConfigurationError where there is no credential, or an option cannot be right.
 */
export function cockroach(options: ClientOptions = {}): CockroachKeys {
  const connection = connect(api, options);
  const toKey = (wire: Record<string, unknown>) => toApiKey("cockroach", wire, FIELDS);
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
          // By convention the secret's first two segments: better than none.
          return key.id ? key : { ...key, id: secret.split("_", 2).join("_") };
        },
        list: (options) => list({ serviceAccountId: input.serviceAccountId }, options),
        matches: sameName(input.name),
      });
    },
    get: (key, options) => connection.call("getApiKey", options, { key, result: keyOf }),
    update: (key, patch, options) => {
      const body: UpdateApiKeySpecification = toWire(patch);
      return connection.call("updateApiKey", options, { key, body, result: keyOf });
    },
    revoke: (key, options) => connection.call("deleteApiKey", options, { key, result: () => undefined }),
  };
}

type Query = NonNullable<operations["listApiKeys"]["parameters"]["query"]>;

const FIELDS = { id: "id", name: "name", createdAt: "created_at" } as const;
