/**
 * Typed client of spec/openrouter.yaml.
 * Generated: change the spec and run `npm run generate`.
 */

import createFetchClient from "openapi-fetch";
import type * as OpenApiFetch from "openapi-fetch";
import { api } from "./api.js";
import type { paths } from "./types.js";

export { api };

export type Client = OpenApiFetch.Client<paths>;

/** What a call is given: parameters, body, and the options of a request. */
export type Init<Operation> = Omit<OpenApiFetch.FetchOptions<Operation>, "parseAs">;
/** What a call gives: data, or the error that the server answered with. */
export type Result<Operation extends Record<string | number, unknown>> = Promise<
  OpenApiFetch.FetchResponse<Operation, unknown, `${string}/${string}`>
>;

/**
 * An openapi-fetch client of this API: its paths, parameters and bodies, typed. Nothing is added to what is sent but
 * the headers that the spec says to send always.
 */
export function createClient(options: OpenApiFetch.ClientOptions = {}): Client {
  return createFetchClient<paths>({
    ...options,
    baseUrl: options.baseUrl ?? api.baseUrl,
  });
}

/**
 * Read the key in use
 *
 * Describes the key that authenticates the request: its limit, its spend, and what kind of key it is. Any key may ask,
 * a management key or an inference key, so this also serves to check that a key is accepted.
 *
 * The answer has no `hash` and no `name`, so it cannot be tied with certainty to an entry of the list: `label` is
 * masked.
 *
 * `GET /auth/key` is an older path of this operation. Many clients still use it, and no current document names it.
 *
 * `GET /key`, answering 200, 401, 429, 500
 */
export function getCurrentApiKey(client: Client, init?: Init<paths["/key"]["get"]>): Result<paths["/key"]["get"]> {
  return client.GET("/key", init);
}

/**
 * List keys
 *
 * Lists one page of the keys of one workspace. Needs a management key.
 *
 * Without parameters the scope is the default workspace, without disabled and without expired keys. To see every key
 * of a workspace, name it with `workspace_id` and set both `include_disabled` and `include_expired`; other workspaces
 * need a request of their own.
 *
 * Paging is by `offset` alone: there is no page size to ask for, no total and no cursor. Comments in the provider's
 * guide speak of the most recent 100 keys; nothing promises that page size or that order. So:
 *
 * - advance `offset` by the number of keys received, and stop at an empty page;
 * - drop keys already seen, by `hash`: a key created during the walk can shift the others;
 * - when a page is not empty but brings no new hash, fail clearly rather than take it for the end;
 * - do not delete during the walk: the keys behind a deleted one move up, and the server skips as many as were
 *   deleted. Collect the list first. Whatever else takes a key out of the scope, such as moving it to another
 *   workspace, has the same effect.
 *
 * Whether management keys are among the keys of the list is not documented.
 *
 * `GET /keys`, answering 200, 400, 401, 403, 429, 500
 */
export function listApiKeys(client: Client, init?: Init<paths["/keys"]["get"]>): Result<paths["/keys"]["get"]> {
  return client.GET("/keys", init);
}

/**
 * Create a key
 *
 * Creates an inference key. Needs a management key, and cannot create one.
 *
 * The plaintext is in this answer alone, as the top-level `key`: store it before anything else. Once lost, the key can
 * only be deleted.
 *
 * Not idempotent: sending the request again may create a second key. After a lost answer the first may exist all the
 * same; look for it by `name` in the list (no document says that names are unique) and delete it.
 *
 * A key is always created enabled: `disabled` cannot be set here. `expires_at` can be set here and never changed
 * afterwards; one that is not in UTC, or has no seconds, is refused.
 *
 * `POST /keys`, answering 201, 400, 401, 403, 429, 500
 */
export function createApiKey(client: Client, init: Init<paths["/keys"]["post"]>): Result<paths["/keys"]["post"]> {
  return client.POST("/keys", init);
}

/**
 * Read one key
 *
 * Reads one key by its hash: its settings and its spend so far, never its plaintext. Needs a management key.
 *
 * `GET /keys/{hash}`, answering 200, 401, 403, 404, 429, 500
 */
export function getApiKey(
  client: Client,
  init: Init<paths["/keys/{hash}"]["get"]>,
): Result<paths["/keys/{hash}"]["get"]> {
  return client.GET("/keys/{hash}", init);
}

/**
 * Delete a key
 *
 * Deletes a key. Needs a management key. No operation brings the key back; to suspend one, update it with `disabled`
 * instead. How soon inference refuses a deleted key is not known.
 *
 * A 200 means that a key with this hash existed and is deleted; for an unknown hash the answer is 404. Idempotent in
 * effect: when the answer to a delete is lost, a 404 to the second try means that the key is gone.
 *
 * `DELETE /keys/{hash}`, answering 200, 401, 403, 404, 429, 500
 */
export function deleteApiKey(
  client: Client,
  init: Init<paths["/keys/{hash}"]["delete"]>,
): Result<paths["/keys/{hash}"]["delete"]> {
  return client.DELETE("/keys/{hash}", init);
}

/**
 * Update a key
 *
 * Sets the given fields to the given values and leaves the others as they are; the plaintext stays the same. Needs a
 * management key. Idempotent, because every value is absolute.
 *
 * `disabled` suspends a key and brings it back. `expires_at` cannot be changed.
 *
 * `workspace_id` moves the key. Its plaintext stays the same and its guardrail selections move along; presets, BYOK
 * keys, broadcast destinations and routing rules stay behind. Naming the workspace that the key is in changes nothing.
 * The key's creator has to be a member of the new workspace: if not, the answer is 409.
 *
 * Unknown fields are ignored, `expires_at` among them: an update that mixes one with an accepted field succeeds and
 * silently drops it. An update with no accepted field at all is answered with 400 `No update fields provided`.
 *
 * `PATCH /keys/{hash}`, answering 200, 400, 401, 403, 404, 409, 429, 500
 */
export function updateApiKey(
  client: Client,
  init: Init<paths["/keys/{hash}"]["patch"]>,
): Result<paths["/keys/{hash}"]["patch"]> {
  return client.PATCH("/keys/{hash}", init);
}
