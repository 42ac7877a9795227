/**
 * Typed client of spec/estuary.yaml.
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
 * List the user's API keys
 *
 * Returns all keys of the user in one response, in no promised order. Expired keys and login sessions (`isSession:
 * true`) are included; revoked keys are not. From v0.2.0 the server stores no plaintext, and a key made since then is
 * listed with an empty `token`: one that was not kept at creation cannot be recovered. Keys made before v0.1.11 are
 * listed with their plaintext `token` and an empty `tokenHash`, so treat every list as if it held secrets.
 *
 * `GET /user/api-keys`, answering 200, 401, 403, 429, 500
 */
export function listApiKeys(
  client: Client,
  init?: Init<paths["/user/api-keys"]["get"]>,
): Result<paths["/user/api-keys"]["get"]> {
  return client.GET("/user/api-keys", init);
}

/**
 * Create an API key
 *
 * Creates a key for the user and returns it with its plaintext `token`. From v0.2.0 this response is the only place
 * where the token appears. All input is in the query string; there is no request body. Labels are not unique and there
 * is no idempotency key, so sending the request again creates a second key. Success is 200, not 201. The response does
 * not repeat the permission that was granted.
 *
 * `POST /user/api-keys`, answering 200, 401, 403, 429, 500
 */
export function createApiKey(
  client: Client,
  init?: Init<paths["/user/api-keys"]["post"]>,
): Result<paths["/user/api-keys"]["post"]> {
  return client.POST("/user/api-keys", init);
}

/**
 * Revoke an API key
 *
 * Revokes the key for good: it cannot be restored, although the server keeps a soft-deleted row.
 *
 * The answer is 200 whether or not a key was there. An unknown key, a key of another user and a key that was revoked
 * before all get the same empty 200, and nothing happens. To know that a key is gone, compare the lists before and
 * after.
 *
 * The server caches authentication, so a revoked key can keep working for up to about 10 seconds.
 *
 * `DELETE /user/api-keys/{key_or_hash}`, answering 200, 401, 403, 404, 429, 500
 */
export function deleteApiKey(
  client: Client,
  init: Init<paths["/user/api-keys/{key_or_hash}"]["delete"]>,
): Result<paths["/user/api-keys/{key_or_hash}"]["delete"]> {
  return client.DELETE("/user/api-keys/{key_or_hash}", init);
}

/**
 * Export the user's content and deal records
 *
 * Returns the records of everything that the user stored and of the Filecoin deals made for it, in one JSON object
 * without paging: the response grows with the account. It holds records, not the stored content itself, and no API
 * keys.
 *
 * `GET /user/export`, answering 200, 401, 403, 429, 500
 */
export function exportUserData(
  client: Client,
  init?: Init<paths["/user/export"]["get"]>,
): Result<paths["/user/export"]["get"]> {
  return client.GET("/user/export", init);
}

/**
 * Get the user's usage figures
 *
 * Returns how much the user has stored, and in how many pins. The figures cover the whole account.
 *
 * `GET /user/stats`, answering 200, 401, 403, 429, 500
 */
export function getUserStats(
  client: Client,
  init?: Init<paths["/user/stats"]["get"]>,
): Result<paths["/user/stats"]["get"]> {
  return client.GET("/user/stats", init);
}
