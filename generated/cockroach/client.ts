/**
 * Typed client of spec/cockroach.yaml.
 * Generated: change the spec and run `npm run generate`.
 */

import createFetchClient, { mergeHeaders } from "openapi-fetch";
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
    headers: mergeHeaders(api.headers, options.headers),
  });
}

/**
 * List API keys
 *
 * Returns the metadata of the organization's keys, never their secrets, ordered by `created_at`, oldest first unless
 * `pagination.sort_order` says otherwise.
 *
 * The default and the maximum page size are documented nowhere (other resources of this API have 100 and 500), so
 * follow the cursor rather than count keys. The last page is the one whose `pagination.next_page` is absent, null or
 * empty. For a consistent walk, send the same `pagination.as_of_time` with every page.
 *
 * Roles (organization scope): `ORG_ADMIN`, `CLUSTER_ADMIN` or `AUDITOR`.
 *
 * `GET /api/v1/api-keys`, answering 200, 400, 401, 403, 404, 429, 500, default
 */
export function listApiKeys(
  client: Client,
  init?: Init<paths["/api/v1/api-keys"]["get"]>,
): Result<paths["/api/v1/api-keys"]["get"]> {
  return client.GET("/api/v1/api-keys", init);
}

/**
 * Create an API key
 *
 * Creates a key for a service account and returns its secret, this once: no operation returns it again and it cannot
 * be recovered. Store it before doing anything else. The answer is 200, not 201.
 *
 * Not idempotent. When the answer is lost the key may exist, and a second request creates a second key. Do not send
 * the request again: list the service account's keys, look for one of that name created since, and delete it.
 *
 * Whether two keys may share a name is not documented.
 *
 * Roles (organization scope): `ORG_ADMIN`.
 *
 * `POST /api/v1/api-keys`, answering 200, 400, 401, 403, 404, 429, 500, default
 */
export function createApiKey(
  client: Client,
  init: Init<paths["/api/v1/api-keys"]["post"]>,
): Result<paths["/api/v1/api-keys"]["post"]> {
  return client.POST("/api/v1/api-keys", init);
}

/**
 * Get an API key
 *
 * Returns the metadata of one key. The secret is not part of it.
 *
 * Roles (organization scope): `ORG_ADMIN`, `CLUSTER_ADMIN` or `AUDITOR`.
 *
 * `GET /api/v1/api-keys/{id}`, answering 200, 400, 401, 403, 404, 429, 500, default
 */
export function getApiKey(
  client: Client,
  init: Init<paths["/api/v1/api-keys/{id}"]["get"]>,
): Result<paths["/api/v1/api-keys/{id}"]["get"]> {
  return client.GET("/api/v1/api-keys/{id}", init);
}

/**
 * Delete an API key
 *
 * Deletes the key. Success is 200 with the deleted key's metadata as body, not 204. What a second delete of the same
 * id answers is not documented; 404 is to be expected. Nor is it documented how soon the secret stops being accepted.
 *
 * Roles (organization scope): `ORG_ADMIN`.
 *
 * `DELETE /api/v1/api-keys/{id}`, answering 200, 400, 401, 403, 404, 429, 500, default
 */
export function deleteApiKey(
  client: Client,
  init: Init<paths["/api/v1/api-keys/{id}"]["delete"]>,
): Result<paths["/api/v1/api-keys/{id}"]["delete"]> {
  return client.DELETE("/api/v1/api-keys/{id}", init);
}

/**
 * Rename an API key
 *
 * Sets the key's name, the only thing about a key that can be changed, and returns the key's metadata.
 *
 * The body `{}` is valid against the schema; what the server does with it is unknown. Send a name.
 *
 * Roles (organization scope): `ORG_ADMIN`.
 *
 * `PATCH /api/v1/api-keys/{id}`, answering 200, 400, 401, 403, 404, 429, 500, default
 */
export function updateApiKey(
  client: Client,
  init: Init<paths["/api/v1/api-keys/{id}"]["patch"]>,
): Result<paths["/api/v1/api-keys/{id}"]["patch"]> {
  return client.PATCH("/api/v1/api-keys/{id}", init);
}
