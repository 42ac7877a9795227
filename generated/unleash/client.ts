/**
 * Typed client of spec/unleash.yaml.
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
 * List the API tokens
 *
 * Returns all tokens that the credential may read in one response, in no promised order, **with their plaintext**.
 * Expired tokens are included, deleted ones are not; so are admin tokens. A backend token is listed as `client`. A
 * token whose projects were all deleted is listed as one of all projects, which it is treated as, too.
 *
 * `GET /api/admin/api-tokens`, answering 200, 401, 403, 500
 */
export function listApiKeys(
  client: Client,
  init?: Init<paths["/api/admin/api-tokens"]["get"]>,
): Result<paths["/api/admin/api-tokens"]["get"]> {
  return client.GET("/api/admin/api-tokens", init);
}

/**
 * Create an API token
 *
 * Creates a token and returns it with its plaintext, which the list shows again. It works at once.
 *
 * Names are not unique and there is no idempotency key, so sending the request again creates a second token. Fields
 * that the server does not know are dropped without a word, and `project` is one of them, though the server's document
 * has it: a token that is asked for by `project` alone is made **for all projects**. Say `projects`.
 *
 * There are at most 2,000 tokens unless the server is set up otherwise. Admin tokens cannot be made.
 *
 * `POST /api/admin/api-tokens`, answering 201, 400, 401, 403, 413, 415, 500
 */
export function createApiKey(
  client: Client,
  init: Init<paths["/api/admin/api-tokens"]["post"]>,
): Result<paths["/api/admin/api-tokens"]["post"]> {
  return client.POST("/api/admin/api-tokens", init);
}

/**
 * Change when an API token expires
 *
 * Sets a new expiry, which is all that can be changed; it can be in the past. An expiry cannot be taken away: null and
 * a missing value are refused with 400. **A token that is not there is answered with 200 as well**, so look at the
 * list before and after. The answer has no body.
 *
 * `PUT /api/admin/api-tokens/{token}`, answering 200, 400, 401, 403, 413, 415, 500
 */
export function updateApiKey(
  client: Client,
  init: Init<paths["/api/admin/api-tokens/{token}"]["put"]>,
): Result<paths["/api/admin/api-tokens/{token}"]["put"]> {
  return client.PUT("/api/admin/api-tokens/{token}", init);
}

/**
 * Delete an API token
 *
 * Deletes a token for good, which may work for up to a minute more. **A token that is not there is answered with 200
 * as well**, so look at the list before and after. The answer has no body. The token in use can delete itself.
 *
 * `DELETE /api/admin/api-tokens/{token}`, answering 200, 401, 403, 500
 */
export function deleteApiKey(
  client: Client,
  init: Init<paths["/api/admin/api-tokens/{token}"]["delete"]>,
): Result<paths["/api/admin/api-tokens/{token}"]["delete"]> {
  return client.DELETE("/api/admin/api-tokens/{token}", init);
}
