/**
 * Typed client of spec/openaiproject.yaml.
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
 * List the keys of a project
 *
 * Lists one page of the project's keys, those of users and those of service accounts. `after` takes the id of the last
 * key of the page before; as long as `has_more` is true, another page follows. The order is not documented.
 *
 * Without `owner_project_access`, keys that work may be missing: only `any` lists all that are enabled. Whether
 * expired keys stay in the list, and what an `after` does whose key has been deleted meanwhile, is not documented.
 *
 * `GET /organization/projects/{project_id}/api_keys`, answering 200, 400, 401, 403, 404, 429, 500
 */
export function listApiKeys(
  client: Client,
  init: Init<paths["/organization/projects/{project_id}/api_keys"]["get"]>,
): Result<paths["/organization/projects/{project_id}/api_keys"]["get"]> {
  return client.GET("/organization/projects/{project_id}/api_keys", init);
}

/**
 * Read a key of a project
 *
 * Shows one key, without its plaintext.
 *
 * `GET /organization/projects/{project_id}/api_keys/{api_key_id}`, answering 200, 400, 401, 403, 404, 429, 500
 */
export function getApiKey(
  client: Client,
  init: Init<paths["/organization/projects/{project_id}/api_keys/{api_key_id}"]["get"]>,
): Result<paths["/organization/projects/{project_id}/api_keys/{api_key_id}"]["get"]> {
  return client.GET("/organization/projects/{project_id}/api_keys/{api_key_id}", init);
}

/**
 * Change what a key may do, or when it expires
 *
 * Replaces the scopes of a key, or moves its expiry, or both at once; what is left out stays as it is. It serves for
 * the keys of service accounts, too. The name cannot be changed, an expiry not be removed, and a key that has expired
 * not be updated. The answer does not tell the scopes.
 *
 * The expiry counts from the request: one that is repeated moves it again, to as long after the repetition.
 *
 * `POST /organization/projects/{project_id}/api_keys/{api_key_id}`, answering 200, 400, 401, 403, 404, 429, 500
 */
export function updateApiKey(
  client: Client,
  init: Init<paths["/organization/projects/{project_id}/api_keys/{api_key_id}"]["post"]>,
): Result<paths["/organization/projects/{project_id}/api_keys/{api_key_id}"]["post"]> {
  return client.POST("/organization/projects/{project_id}/api_keys/{api_key_id}", init);
}

/**
 * Delete a key of a project
 *
 * Deletes the key for good. A key of a service account is deleted alone: the account and its other keys remain. The
 * document of August 2026 has such a key refused with 400 instead; then deleting its account is what revokes it.
 *
 * How soon the plaintext stops being accepted is not documented, and neither is what a second deletion of the same id
 * answers: 404 is to be expected.
 *
 * `DELETE /organization/projects/{project_id}/api_keys/{api_key_id}`, answering 200, 400, 401, 403, 404, 429, 500
 */
export function deleteApiKey(
  client: Client,
  init: Init<paths["/organization/projects/{project_id}/api_keys/{api_key_id}"]["delete"]>,
): Result<paths["/organization/projects/{project_id}/api_keys/{api_key_id}"]["delete"]> {
  return client.DELETE("/organization/projects/{project_id}/api_keys/{api_key_id}", init);
}

/**
 * Create a service account and its first key
 *
 * Makes a service account in the project and, unless told otherwise, a key of it, whose plaintext is in this answer
 * alone, as `value` of `api_key`: store it before anything else. The account becomes a member of the project. What the
 * key is called is not documented: in the example it is not called as the account.
 *
 * Not idempotent: sending the request again may create a second account and a second key. After a lost answer the
 * first may exist all the same.
 *
 * An organization or a project can require that keys expire, and within what time. Then a creation without a lifetime,
 * or with a longer one, is refused.
 *
 * `POST /organization/projects/{project_id}/service_accounts`, answering 200, 400, 401, 403, 404, 429, 500
 */
export function createServiceAccount(
  client: Client,
  init: Init<paths["/organization/projects/{project_id}/service_accounts"]["post"]>,
): Result<paths["/organization/projects/{project_id}/service_accounts"]["post"]> {
  return client.POST("/organization/projects/{project_id}/service_accounts", init);
}

/**
 * Create a key of a service account
 *
 * Creates another key of a service account that is there. The plaintext is in this answer alone, as `value`: store it
 * before anything else. Once lost, the key can only be deleted.
 *
 * Not idempotent: sending the request again may create a second key. After a lost answer the first may exist all the
 * same; look for it by `name` in the list (nothing says that names are unique) and delete it.
 *
 * What the key may do without `scopes` is not documented. An organization or a project can require that keys expire,
 * and within what time; what is refused then is documented for `createServiceAccount` alone.
 *
 * `POST /organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys`, answering 200, 400, 401,
 * 403, 404, 429, 500
 */
export function createApiKey(
  client: Client,
  init: Init<paths["/organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys"]["post"]>,
): Result<paths["/organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys"]["post"]> {
  return client.POST("/organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys", init);
}
