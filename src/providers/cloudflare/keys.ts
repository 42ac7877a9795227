import { api } from "../../../generated/cloudflare/api.js";
import type {
  ApiKey as Token,
  CreateApiKeyRequest,
  operations,
  UpdateApiKeyRequest,
  VerifiedApiKey,
} from "../../../generated/cloudflare/types.js";
import { checkedKey, checkedObject, unreadable } from "../../answer.js";
import type { CallPromise } from "../../call.js";
import { requireAsked } from "../../changeable.js";
import { connect } from "../../connection.js";
import { sameName } from "../../create.js";
import { InvalidResponseError } from "../../http/errors.js";
import { failure } from "../../http/failure.js";
import type { Call } from "../../http/transport.js";
import { checkedId } from "../../id.js";
import { isObject } from "../../json.js";
import { toApiKey, type ApiKey } from "../../key.js";
import type { Changeable } from "../../keys.js";
import type { CallOptions, ClientOptions } from "../../options.js";
import { rolling } from "../../roll.js";
import type { Secret } from "../../secret.js";
import { given, toWire } from "../../wire.js";
import { comparisons, toSend } from "./same.js";
import type { CloudflareFilter, CloudflarePatch } from "./words.js";

export type { VerifiedApiKey } from "../../../generated/cloudflare/types.js";
export type * from "./words.js";

export interface CloudflareOptions extends ClientOptions {
  /**
   * The account whose own tokens these are, by its id. Left out, it is read from CLOUDFLARE_ACCOUNT_ID; where that is not
   * set either, or this is null, they are those of the user whose credential is used.
   */
  account?: string | null | undefined;
}

/**
 * The API tokens of a Cloudflare user or account. Reading needs `API Tokens Read` (of an account: `Account API Tokens
 * Read`), changing `API Tokens Write`; `current()` needs nothing.
 */
export interface CloudflareKeys extends Changeable<"cloudflare"> {
  /**
   * Sets what the patch names, and gives the token as it is then. The API replaces a token as a whole, so it is read first,
   * and what the patch does not name is sent back as it was read. Nothing tells whether somebody else changed it in between:
   * of two who change a token at once the later one wins, and what the other one set is lost, a policy that was taken away
   * included.
   *
   * @throws NotFoundError; BadRequestError where the patch names nothing, which is not sent; InvalidResponseError where the
   * answer shows a token that is not as it was sent.
   */
  update(id: string, patch: CloudflarePatch, options?: CallOptions): CallPromise<ApiKey<"cloudflare">>;
  /** The token that is the credential, as the server sends it. Any token may ask. A token that does not work may be known. */
  current(options?: CallOptions): CallPromise<VerifiedApiKey>;
  /**
   * Gives the token a new plaintext, and returns that. The old one stops working at once, wherever it is in use: to go from
   * one to the other without a gap, `rotate`. It is never sent twice.
   *
   * @throws RollOutcomeUnknownError where nothing tells whether the old plaintext still works.
   */
  roll(key: ApiKey<"cloudflare"> | string, options?: CallOptions): CallPromise<Secret>;
}

/** The operations on an account's tokens, by those on the user's. */
const IN_ACCOUNT = {
  listApiKeys: "listAccountApiKeys",
  createApiKey: "createAccountApiKey",
  verifyApiKey: "verifyAccountApiKey",
  getApiKey: "getAccountApiKey",
  updateApiKey: "updateAccountApiKey",
  deleteApiKey: "deleteAccountApiKey",
  rollApiKey: "rollAccountApiKey",
} as const;

/**
 * The API tokens of a Cloudflare user, or with `account` those that an account owns.
 *
 * @throws ConfigurationError where there is no credential, or an option cannot be right.
 *
 * @example
 * ```ts
 * import { cloudflare } from "keysmith";
 *
 * const keys = cloudflare(); // the credential is in CLOUDFLARE_API_TOKEN
 * for await (const { name, expiresAt } of keys.list()) console.log(name, expiresAt ?? "for good");
 * ```
 */
export function cloudflare({ account, ...options }: CloudflareOptions = {}): CloudflareKeys {
  const connection = connect(api, options, { account: account ?? undefined });
  const inAccount = account !== null && connection.parents["account_id"] !== undefined;
  const operation = <Name extends keyof typeof IN_ACCOUNT>(name: Name) => (inAccount ? IN_ACCOUNT[name] : name);
  const toKey = (wire: unknown) => toApiKey(api, isObject(wire) ? wire : {});
  const keyOf = (body: unknown, call: Call) => checkedKey(call, toKey(checkedObject(call, body)));
  const list = ({ pageSize, ...filter }: CloudflareFilter = {}, options?: CallOptions) => {
    const query: Query = toWire({ ...filter, perPage: pageSize });
    return connection.list(operation("listApiKeys"), options, query, toKey);
  };
  const get = (key: string, options?: CallOptions) =>
    connection.call(operation("getApiKey"), options, {
      key,
      result: (body, call) => requireAsked(call, keyOf(body, call), key),
    });

  return {
    provider: "cloudflare",
    client: connection.client,
    with: (change) => cloudflare({ ...change(options), account }),
    list,
    create: ({ expiresAt, ...input }, options) => {
      const body: CreateApiKeyRequest = { ...toWire(input), ...(expiresAt !== undefined && { expires_on: expiresAt }) };
      return connection.create(operation("createApiKey"), options, {
        body,
        toKey,
        list: (options) => list({ includeExpired: true }, options),
        matches: sameName(input.name),
        onRefusal: async ({ kind }) => {
          if (kind !== "bad-request" && kind !== "permission" && kind !== "conflict") return undefined;
          const { length } = await list({ includeExpired: true }, options)
            .toArray()
            .catch(() => []);
          const [who, quota] = inAccount ? ["an account", 500] : ["a user", 50];
          return length < quota
            ? undefined
            : `There are ${length} tokens: ${who} may have ${quota}, unless Cloudflare has raised it. Revoke one that is not needed.`;
        },
      });
    },
    get,
    update: (key, patch, options) => {
      let body: UpdateApiKeyRequest;
      return connection.call(operation("updateApiKey"), options, {
        key,
        prepare: async (call) => {
          if (given(patch).length === 0) return { body: {} };
          body = whole(call, (await get(key, options)).raw, patch);
          return { body };
        },
        result: (answer, call) => {
          const { name, status } = body;
          const changed = requireAsked(call, keyOf(answer, call), key, {
            name: patch.name === undefined ? undefined : name,
            status: patch.disabled === undefined ? undefined : status,
          });
          // An answer that tells no policies tells nothing else of what the token may do.
          const told = changed.raw.policies === undefined ? [] : comparisons(changed.raw, body);
          const [field] = told.find(([, found, asked]) => found !== asked) ?? [];
          if (field === undefined) return changed;
          const problem = `the server answered as if done, and ${field} is not as it was sent. Look at the key.`;
          throw failure(InvalidResponseError, call, problem);
        },
      });
    },
    revoke: (key, options) =>
      connection.call(operation("deleteApiKey"), options, {
        key,
        // Which token it was, the server need not tell.
        result: (body, call) => {
          if (isObject(body) && body["id"] !== checkedId(call, key)) throw unreadable(call);
        },
      }),
    current: (options) =>
      connection.call(operation("verifyApiKey"), options, {
        result: (body, call) => {
          const { id, status } = checkedObject(call, body);
          if (typeof id !== "string" || typeof status !== "string" || !id || !status) throw unreadable(call);
          return { ...(body as VerifiedApiKey), id, status };
        },
      }),
    roll: (key, options) => {
      const name = operation("rollApiKey");
      const plan = rolling({ provider: "cloudflare", operation: name }, { key, body: {}, emptyBody: true });
      return connection.call(name, options, plan);
    },
  };
}

type Query = NonNullable<operations["listApiKeys"]["parameters"]["query"]>;

/** All that a token is to be: what it is, but for what the patch says. @throws InvalidResponseError */
function whole(call: Call, token: Token, patch: CloudflarePatch): UpdateApiKeyRequest {
  const { name = token.name, policies = toSend(token), disabled } = patch;
  if (name === undefined || policies === undefined) {
    const problem = "the server does not tell the token's name and policies, which an update would lose. Give both.";
    throw failure(InvalidResponseError, call, problem);
  }
  const { condition = token.condition, notBefore = token.not_before, expiresAt = token.expires_on } = patch;
  const status = disabled === undefined ? token.status : disabled ? "disabled" : "active";
  // A setting that is not known here would be lost as well.
  const others = Object.fromEntries(Object.entries(token).filter(([field]) => !KNOWN.has(field)));
  return {
    ...others,
    name,
    policies,
    // What is left out is taken from the token.
    ...(condition && { condition }),
    ...(notBefore && { not_before: notBefore }),
    ...(expiresAt && { expires_on: expiresAt }),
    ...(status !== undefined && { status }),
  };
}

const KNOWN: ReadonlySet<string> = new Set([
  ...["id", "issued_on", "modified_on", "last_used_on"],
  ...["name", "status", "policies", "condition", "not_before", "expires_on"],
]);
