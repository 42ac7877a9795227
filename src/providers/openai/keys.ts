import { api } from "../../../generated/openai/api.js";
import type { CreateApiKeyRequest, operations } from "../../../generated/openai/types.js";
import { checkedKey, checkedObject, requireDeleted } from "../../answer.js";
import { readable } from "../../changeable.js";
import { connect } from "../../connection.js";
import { sameName } from "../../create.js";
import type { Call } from "../../http/transport.js";
import { toApiKey } from "../../key.js";
import type { Readable } from "../../keys.js";
import type { CallOptions, ClientOptions } from "../../options.js";
import { toWire } from "../../wire.js";
import { lifetimeSeconds } from "./lifetime.js";
import type { OpenAIFilter } from "./words.js";

export type * from "./words.js";

/**
 * The admin keys of an OpenAI organization, which administer it and nothing else. Needs one of them. What a key may do is
 * neither told nor to be said here. Keys of a project are those of `openaiproject`.
 */
export type OpenAIKeys = Readable<"openai">;

/**
 * The admin keys of an OpenAI organization.
 *
 * @throws ConfigurationError where there is no credential, or an option cannot be right.
 *
 * @example
 * ```ts
 * import { openai } from "keysmith";
 *
 * const keys = openai(); // the credential is in OPENAI_ADMIN_KEY
 * for await (const { name, lastUsedAt } of keys.list()) console.log(name, lastUsedAt ?? "not used yet");
 * ```
 */
export function openai(options: ClientOptions = {}): OpenAIKeys {
  const connection = connect(api, options);
  const toKey = (wire: Record<string, unknown>) => toApiKey(api, wire);
  const keyOf = (body: unknown, call: Call) => checkedKey(call, toKey(checkedObject(call, body)));
  const list = ({ order, pageSize }: OpenAIFilter = {}, options?: CallOptions) => {
    const query: Query = toWire({ order, limit: pageSize });
    return connection.list("listApiKeys", options, query, toKey);
  };

  return {
    provider: "openai",
    client: connection.client,
    with: (change) => openai(change(options)),
    list,
    create: ({ name, expiresIn }, options) =>
      connection.create("createApiKey", options, {
        prepare: (call) => {
          const body: CreateApiKeyRequest = toWire({ name, expiresInSeconds: lifetimeSeconds(call, expiresIn) });
          return Promise.resolve({ body });
        },
        toKey,
        list: (options) => list({}, options),
        matches: sameName(name),
      }),
    ...readable(connection, keyOf),
    revoke: (key, options) =>
      connection.call("deleteApiKey", options, { key, result: (body, call) => requireDeleted(call, body, key) }),
  };
}

/** The cursor is the list's own affair. */
type Query = Omit<NonNullable<operations["listApiKeys"]["parameters"]["query"]>, "after">;
