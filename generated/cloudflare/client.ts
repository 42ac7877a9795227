/**
 * Typed client of spec/cloudflare.yaml.
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
 * List the user's tokens
 *
 * Returns one page of the user's tokens, disabled ones too, and with `include_expired` those that have recently
 * expired. Pages count from 1. The order, and for how long an expired token is listed, are not documented.
 *
 * Tokens that are created or deleted during a walk move the others from page to page: drop what was seen already, by
 * id, and do not delete before the walk has ended.
 *
 * Needs `API Tokens Read` or `API Tokens Write`.
 *
 * `GET /user/tokens`, answering 200, 400, 401, 403, 429
 */
export function listApiKeys(
  client: Client,
  init?: Init<paths["/user/tokens"]["get"]>,
): Result<paths["/user/tokens"]["get"]> {
  return client.GET("/user/tokens", init);
}

/**
 * Create a token of the user
 *
 * Creates a token and returns its value, this once: store it before anything else. Once lost, the token can only be
 * rolled or deleted.
 *
 * A token cannot be given more than its user may do. A policy is sent without `id`: with one, the creation is refused.
 * The token is active at once, or from `not_before`.
 *
 * Not idempotent: sending the request again may create a second token. After a lost answer the first may exist all the
 * same; look for it by `name` in the list and delete it.
 *
 * A user may have 50 tokens. Needs `API Tokens Write`.
 *
 * `POST /user/tokens`, answering 200, 400, 401, 403, 429
 */
export function createApiKey(
  client: Client,
  init: Init<paths["/user/tokens"]["post"]>,
): Result<paths["/user/tokens"]["post"]> {
  return client.POST("/user/tokens", init);
}

/**
 * Verify the token in use
 *
 * Says the id and the status of the user token that authenticates the request. Any token of a user may ask, whatever
 * its policies; one of an account is refused as invalid.
 *
 * A 200 does not say that the token works: look at `status`. Whether a disabled token is answered so or refused is not
 * documented.
 *
 * `GET /user/tokens/verify`, answering 200, 400, 401, 403, 429
 */
export function verifyApiKey(
  client: Client,
  init?: Init<paths["/user/tokens/verify"]["get"]>,
): Result<paths["/user/tokens/verify"]["get"]> {
  return client.GET("/user/tokens/verify", init);
}

/**
 * Read a token of the user
 *
 * Returns one token, without its value. Needs `API Tokens Read` or `API Tokens Write`.
 *
 * `GET /user/tokens/{token_id}`, answering 200, 400, 401, 403, 404, 429
 */
export function getApiKey(
  client: Client,
  init: Init<paths["/user/tokens/{token_id}"]["get"]>,
): Result<paths["/user/tokens/{token_id}"]["get"]> {
  return client.GET("/user/tokens/{token_id}", init);
}

/**
 * Replace what a token of the user is
 *
 * Replaces name, policies, condition, times and status by what the body says, and leaves the value as it is. What the
 * body leaves out is taken from the token: policies that are not repeated are lost, without a word in the answer. Read
 * the token first, and send all of it.
 *
 * Which default `status` has here is not documented; always send it. Idempotent, because every value is absolute.
 *
 * Needs `API Tokens Write`.
 *
 * `PUT /user/tokens/{token_id}`, answering 200, 400, 401, 403, 404, 429
 */
export function updateApiKey(
  client: Client,
  init: Init<paths["/user/tokens/{token_id}"]["put"]>,
): Result<paths["/user/tokens/{token_id}"]["put"]> {
  return client.PUT("/user/tokens/{token_id}", init);
}

/**
 * Delete a token of the user
 *
 * Deletes the token for good; its value stops working. How soon is not documented. To suspend one, update its `status`
 * instead.
 *
 * A second deletion is answered with 404, so a 404 after a lost answer means that the token is gone. Needs `API Tokens
 * Write`.
 *
 * `DELETE /user/tokens/{token_id}`, answering 200, 400, 401, 403, 404, 429
 */
export function deleteApiKey(
  client: Client,
  init: Init<paths["/user/tokens/{token_id}"]["delete"]>,
): Result<paths["/user/tokens/{token_id}"]["delete"]> {
  return client.DELETE("/user/tokens/{token_id}", init);
}

/**
 * Roll a token of the user
 *
 * Gives the token a new value and returns it, this once. The old value stops working; id, policies, condition and
 * times stay. There is no time in which both values work.
 *
 * Not idempotent: a second roll replaces the value that the first one gave. When the answer is lost, the old value may
 * be dead while nobody holds the new one: try the old one, and where it is refused, roll again.
 *
 * Needs `API Tokens Write`.
 *
 * `PUT /user/tokens/{token_id}/value`, answering 200, 400, 401, 403, 404, 429
 */
export function rollApiKey(
  client: Client,
  init: Init<paths["/user/tokens/{token_id}/value"]["put"]>,
): Result<paths["/user/tokens/{token_id}/value"]["put"]> {
  return client.PUT("/user/tokens/{token_id}/value", init);
}

/**
 * List an account's tokens
 *
 * As `listApiKeys`, of the tokens that the account owns. Needs `Account API Tokens Read` or `Account API Tokens
 * Write`.
 *
 * `GET /accounts/{account_id}/tokens`, answering 200, 400, 401, 403, 404, 429
 */
export function listAccountApiKeys(
  client: Client,
  init: Init<paths["/accounts/{account_id}/tokens"]["get"]>,
): Result<paths["/accounts/{account_id}/tokens"]["get"]> {
  return client.GET("/accounts/{account_id}/tokens", init);
}

/**
 * Create a token of an account
 *
 * As `createApiKey`, of a token that the account owns. Not idempotent. An account may have 500 tokens; whether that is
 * per account or per tenant is not documented. Needs `Account API Tokens Write`.
 *
 * `POST /accounts/{account_id}/tokens`, answering 200, 400, 401, 403, 404, 429
 */
export function createAccountApiKey(
  client: Client,
  init: Init<paths["/accounts/{account_id}/tokens"]["post"]>,
): Result<paths["/accounts/{account_id}/tokens"]["post"]> {
  return client.POST("/accounts/{account_id}/tokens", init);
}

/**
 * Verify the account token in use
 *
 * As `verifyApiKey`, of a token that the account owns. Any token of the account may ask. What a user's token is
 * answered is not documented.
 *
 * `GET /accounts/{account_id}/tokens/verify`, answering 200, 400, 401, 403, 404, 429
 */
export function verifyAccountApiKey(
  client: Client,
  init: Init<paths["/accounts/{account_id}/tokens/verify"]["get"]>,
): Result<paths["/accounts/{account_id}/tokens/verify"]["get"]> {
  return client.GET("/accounts/{account_id}/tokens/verify", init);
}

/**
 * Read a token of an account
 *
 * Returns one token, without its value. Needs `Account API Tokens Read` or `Account API Tokens Write`.
 *
 * `GET /accounts/{account_id}/tokens/{token_id}`, answering 200, 400, 401, 403, 404, 429
 */
export function getAccountApiKey(
  client: Client,
  init: Init<paths["/accounts/{account_id}/tokens/{token_id}"]["get"]>,
): Result<paths["/accounts/{account_id}/tokens/{token_id}"]["get"]> {
  return client.GET("/accounts/{account_id}/tokens/{token_id}", init);
}

/**
 * Replace what a token of an account is
 *
 * As `updateApiKey`: a replacement of the whole, which loses what the body leaves out. Needs `Account API Tokens
 * Write`.
 *
 * `PUT /accounts/{account_id}/tokens/{token_id}`, answering 200, 400, 401, 403, 404, 429
 */
export function updateAccountApiKey(
  client: Client,
  init: Init<paths["/accounts/{account_id}/tokens/{token_id}"]["put"]>,
): Result<paths["/accounts/{account_id}/tokens/{token_id}"]["put"]> {
  return client.PUT("/accounts/{account_id}/tokens/{token_id}", init);
}

/**
 * Delete a token of an account
 *
 * As `deleteApiKey`, of a token that the account owns. Needs `Account API Tokens Write`.
 *
 * `DELETE /accounts/{account_id}/tokens/{token_id}`, answering 200, 400, 401, 403, 404, 429
 */
export function deleteAccountApiKey(
  client: Client,
  init: Init<paths["/accounts/{account_id}/tokens/{token_id}"]["delete"]>,
): Result<paths["/accounts/{account_id}/tokens/{token_id}"]["delete"]> {
  return client.DELETE("/accounts/{account_id}/tokens/{token_id}", init);
}

/**
 * Roll a token of an account
 *
 * As `rollApiKey`, of a token that the account owns: the old value stops working, and the new one is in this answer
 * alone. Not idempotent. Needs `Account API Tokens Write`.
 *
 * `PUT /accounts/{account_id}/tokens/{token_id}/value`, answering 200, 400, 401, 403, 404, 429
 */
export function rollAccountApiKey(
  client: Client,
  init: Init<paths["/accounts/{account_id}/tokens/{token_id}/value"]["put"]>,
): Result<paths["/accounts/{account_id}/tokens/{token_id}/value"]["put"]> {
  return client.PUT("/accounts/{account_id}/tokens/{token_id}/value", init);
}
