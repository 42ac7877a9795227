import { api } from "../../../generated/openrouter/api.js";
import type {
  CreateApiKeyRequest,
  CurrentApiKey,
  operations,
  UpdateApiKeyRequest,
} from "../../../generated/openrouter/types.js";
import { checkedKey, checkedObject, connect, sameName, type CallPromise } from "../../connection.js";
import { isObject } from "../../json.js";
import type { Call } from "../../http/transport.js";
import { toApiKey, type ApiKey, type CreatedApiKey } from "../../key.js";
import type { KeyList } from "../../list.js";
import type { CallOptions, ClientOptions } from "../../options.js";
import type { Transport } from "../../raw-client.js";
import type { Secret } from "../../secret.js";
import { toWire } from "../../wire.js";

export interface OpenRouterFilter {
  /** Disabled keys, too. Left out, the server hides them. */
  includeDisabled?: boolean | undefined;
  /** Expired keys, too. Left out, the server hides them. */
  includeExpired?: boolean | undefined;
  /** The workspace (a UUID) whose keys are listed. The default workspace unless given. */
  workspaceId?: string | undefined;
}

export interface OpenRouterCreateInput {
  /** For people. At least one character; need not be unique. */
  name: string;
  /** The most that the key may spend, in US dollars: in each window where `limitReset` is given, in all where not. `null`: no limit. */
  limit?: number | null | undefined;
  /** When the spend starts over: at midnight UTC of each day, of each Monday, or of each first of a month. `null`: never. */
  limitReset?: CreateApiKeyRequest["limit_reset"] | undefined;
  /** Whether what is paid with the account's own provider keys (BYOK) counts towards the limit. */
  includeByokInLimit?: boolean | undefined;
  /** When the key stops working: RFC 3339 in UTC, with seconds (`2027-12-31T23:59:59Z`). Never unless given; it cannot be changed later. */
  expiresAt?: string | null | undefined;
  /** The member of the organization for whom the key is made. */
  creatorUserId?: string | null | undefined;
  /** The workspace (a UUID) that the key belongs to. The default workspace unless given. */
  workspaceId?: string | undefined;
  /** Makes it the key of a user of yours, whose plaintext you may choose: at least 32 characters. */
  external?: { user: string; apiKey?: string | Secret | undefined } | undefined;
}

/** What an update sets. What is left out stays as it is; the expiry cannot be changed. */
export interface OpenRouterPatch {
  /** For people. At least one character. */
  name?: string | undefined;
  /** `true` switches the key off, `false` on again. */
  disabled?: boolean | undefined;
  /** The most that the key may spend, in US dollars. `null`: no limit. */
  limit?: number | null | undefined;
  /** When the spend starts over, at midnight UTC. `null`: never. */
  limitReset?: UpdateApiKeyRequest["limit_reset"] | undefined;
  /** Whether what is paid with the account's own provider keys (BYOK) counts towards the limit. */
  includeByokInLimit?: boolean | undefined;
  /** Moves the key to this workspace (a UUID). */
  workspaceId?: string | undefined;
}

/** The keys of an OpenRouter account. Everything but `current()` needs a management key. */
export interface OpenRouterKeys {
  readonly provider: "openrouter";
  /** The keys of a workspace, the default one unless filtered. Disabled and expired ones are hidden unless asked for. */
  list(filter?: OpenRouterFilter, options?: CallOptions): KeyList<"openrouter">;
  /**
   * Creates a key, and gives its plaintext as `secret`. It is never sent twice.
   *
   * @throws CreateOutcomeUnknownError where nothing tells whether a key was made.
   */
  create(input: OpenRouterCreateInput, options?: CallOptions): CallPromise<CreatedApiKey<"openrouter">>;
  /** The key of this id. @throws NotFoundError where there is none. */
  get(id: string, options?: CallOptions): CallPromise<ApiKey<"openrouter">>;
  /** Sets what the patch names, and gives the key. @throws NotFoundError; BadRequestError where it names nothing. */
  update(id: string, patch: OpenRouterPatch, options?: CallOptions): CallPromise<ApiKey<"openrouter">>;
  /** Revokes a key for good. @throws NotFoundError where there is none. */
  revoke(key: ApiKey<"openrouter"> | string, options?: CallOptions): CallPromise<void>;
  /** What the credential itself is and has left, as the server sends it. Any key may ask, not only a management key. */
  current(options?: CallOptions): CallPromise<CurrentApiKey>;
  /**
   * A client of your own over the same transport: with `createClient` of `keysmith/openrouter`, the typed openapi-fetch
   * client. Wire names and wire bodies, plaintext keys included; a refusal is its `error`, and what is thrown is
   * keysmith's. `Transport` says what its middleware can do.
   */
  readonly client: <Client>(create: (transport: Transport) => Client) => Client;
  /** The same with other options: another credential, say, with the rest as it is. */
  with(change: (options: ClientOptions) => ClientOptions): OpenRouterKeys;
}

/**
 * The keys of an OpenRouter account.
 *
 * @throws ConfigurationError where there is no credential, or an option cannot be right.
 */
export function openrouter(options: ClientOptions = {}): OpenRouterKeys {
  const connection = connect(api, options);
  const toKey = (wire: unknown) => toApiKey("openrouter", isObject(wire) ? wire : {}, FIELDS);
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
    get: (key, options) => connection.call("getApiKey", options, { key, result: keyOf }),
    update: (key, patch, options) => {
      const body: UpdateApiKeyRequest = toWire(patch);
      return connection.call("updateApiKey", options, { key, body, result: keyOf });
    },
    revoke: (key, options) => connection.call("deleteApiKey", options, { key, result: () => undefined }),
    current: (options) =>
      connection.call("getCurrentApiKey", options, {
        result: (body, call) => dataOf(body, call) as unknown as CurrentApiKey,
      }),
  };
}

type Query = NonNullable<operations["listApiKeys"]["parameters"]["query"]>;

const FIELDS = {
  id: "hash",
  name: "name",
  createdAt: "created_at",
  expiresAt: "expires_at",
  lastUsedAt: "last_used_at",
  disabled: "disabled",
} as const;
