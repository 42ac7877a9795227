/**
 * Typed client of spec/openai.yaml.
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
 * List admin keys
 *
 * Lists one page of the organization's admin keys, by creation. `after` takes the id of the last key of the page
 * before; as long as `has_more` is true, another page follows.
 *
 * The document promises no largest page. Whether expired keys stay in the list, and what an `after` does whose key has
 * been deleted meanwhile, is not documented.
 *
 * `GET /organization/admin_api_keys`, answering 200, 400, 401, 403, 429, 500
 */
export function listApiKeys(
  client: Client,
  init?: Init<paths["/organization/admin_api_keys"]["get"]>,
): Result<paths["/organization/admin_api_keys"]["get"]> {
  return client.GET("/organization/admin_api_keys", init);
}

/**
 * Create an admin key
 *
 * Creates an admin key of the organization. The plaintext is in this answer alone, as `value`: store it before
 * anything else. Once lost, the key can only be deleted.
 *
 * Not idempotent: sending the request again may create a second key. After a lost answer the first may exist all the
 * same; look for it by `name` in the list (nothing says that names are unique) and delete it.
 *
 * The expiry is given as a number of seconds from now, and cannot be changed later. Whose the new key is, is not
 * documented.
 *
 * `POST /organization/admin_api_keys`, answering 200, 400, 401, 403, 429, 500
 */
export function createApiKey(
  client: Client,
  init: Init<paths["/organization/admin_api_keys"]["post"]>,
): Result<paths["/organization/admin_api_keys"]["post"]> {
  return client.POST("/organization/admin_api_keys", init);
}

/**
 * Read an admin key
 *
 * Shows one key, without its plaintext.
 *
 * `GET /organization/admin_api_keys/{key_id}`, answering 200, 401, 403, 404, 429, 500
 */
export function getApiKey(
  client: Client,
  init: Init<paths["/organization/admin_api_keys/{key_id}"]["get"]>,
): Result<paths["/organization/admin_api_keys/{key_id}"]["get"]> {
  return client.GET("/organization/admin_api_keys/{key_id}", init);
}

/**
 * Delete an admin key
 *
 * Deletes the key for good; it may be the one that makes the request. How soon the plaintext stops being accepted is
 * not documented, and neither is what a second deletion of the same id answers: 404 is to be expected.
 *
 * `DELETE /organization/admin_api_keys/{key_id}`, answering 200, 401, 403, 404, 429, 500
 */
export function deleteApiKey(
  client: Client,
  init: Init<paths["/organization/admin_api_keys/{key_id}"]["delete"]>,
): Result<paths["/organization/admin_api_keys/{key_id}"]["delete"]> {
  return client.DELETE("/organization/admin_api_keys/{key_id}", init);
}
