import { api } from "../../../generated/openaiproject/api.js";
import type {
  CreateApiKeyRequest,
  CreateServiceAccountRequest,
  operations,
  UpdateApiKeyRequest,
} from "../../../generated/openaiproject/types.js";
import { checkedKey, checkedObject, requireDeleted } from "../../answer.js";
import { changeable } from "../../changeable.js";
import { connect } from "../../connection.js";
import { sameName } from "../../create.js";
import { BadRequestError } from "../../http/errors.js";
import { failure } from "../../http/failure.js";
import type { Call } from "../../http/transport.js";
import { isObject } from "../../json.js";
import { cleanName, toApiKey } from "../../key.js";
import type { Changeable } from "../../keys.js";
import type { CallOptions, ClientOptions } from "../../options.js";
import { toWire } from "../../wire.js";
import { lifetimeSeconds } from "../openai/lifetime.js";
import type { OpenAIProjectFilter, OpenAIProjectPatch } from "./words.js";

export type * from "./words.js";

/**
 * The keys of an OpenAI project, with which models are used. Needs an admin key of the organization. Keys of users are
 * listed, changed and revoked; made are those of service accounts alone, whose `raw` says of itself what the creation
 * answers, and not whose it is.
 */
export type OpenAIProjectKeys = Changeable<"openaiproject">;

export interface OpenAIProjectOptions extends ClientOptions {
  /** The id of the project, such as `proj_abc`. Left out, it is read from OPENAI_PROJECT_ID. */
  project?: string | undefined;
}

/**
 * The keys of an OpenAI project.
 *
 * @throws ConfigurationError where there is no credential or no project, or an option cannot be right.
 *
 * @example
 * ```ts
 * import { openaiproject } from "keysmith";
 *
 * // The credential is in OPENAI_ADMIN_KEY.
 * const keys = openaiproject({ project: process.env["OPENAI_PROJECT_ID"] ?? "proj_abc" });
 * const { id } = await keys.create({ name: "worker", expiresIn: "90d" });
 * await keys.revoke(id);
 * ```
 */
export function openaiproject(options: OpenAIProjectOptions = {}): OpenAIProjectKeys {
  const connection = connect(api, options, { project: options.project });
  const toKey = (wire: unknown) => toApiKey(api, isObject(wire) ? wire : {});
  const keyOf = (body: unknown, call: Call) => checkedKey(call, toKey(checkedObject(call, body)));
  const list = ({ ownerProjectAccess, pageSize }: OpenAIProjectFilter = {}, options?: CallOptions) => {
    const query: Query = toWire({ ownerProjectAccess, limit: pageSize });
    return connection.list("listApiKeys", options, query, toKey);
  };

  return {
    provider: "openaiproject",
    client: connection.client,
    with: (change) => openaiproject({ ...change(options), project: options.project }),
    list,
    create: ({ name, serviceAccountId, scopes, expiresIn }, options) => {
      const all = (options: CallOptions) => list({ ownerProjectAccess: "any" }, options);
      if (serviceAccountId !== undefined) {
        return connection.create("createApiKey", options, {
          prepare: (call) => {
            const body: CreateApiKeyRequest = toWire({
              name,
              scopes,
              expiresInSeconds: lifetimeSeconds(call, expiresIn),
            });
            return Promise.resolve({ key: serviceAccountId, body });
          },
          toKey,
          list: all,
          matches: sameName(name),
        });
      }
      return connection.create("createServiceAccount", options, {
        prepare: (call) => {
          if (scopes !== undefined) {
            const problem = "the first key of a new service account cannot have scopes. Give a serviceAccountId, too.";
            throw failure(BadRequestError, call, problem);
          }
          const expiresInSeconds = lifetimeSeconds(call, expiresIn);
          const body: CreateServiceAccountRequest = toWire({ name, expiresInSeconds });
          return Promise.resolve({ body });
        },
        toKey: ({ api_key: wire }) => toKey(wire),
        list: all,
        // The key may be called otherwise; its account has the name.
        matches: (key, since) =>
          sameName(name)({ ...key, name: cleanName(key.raw.owner.service_account?.name ?? "") }, since),
      });
    },
    ...changeable(connection, keyOf, ({ scopes, expiresIn }: OpenAIProjectPatch, call): UpdateApiKeyRequest =>
      toWire({ scopes, expiresInSeconds: lifetimeSeconds(call, expiresIn) }),
    ),
    revoke: (key, options) =>
      connection.call("deleteApiKey", options, { key, result: (body, call) => requireDeleted(call, body, key) }),
  };
}

type Query = NonNullable<operations["listApiKeys"]["parameters"]["query"]>;
