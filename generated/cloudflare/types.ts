/**
 * Types of spec/cloudflare.yaml.
 * Generated: change the spec and run `npm run generate`.
 */
export interface paths {
  "/user/tokens": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the user's tokens
     * @description Returns one page of the user's tokens, disabled ones too, and with `include_expired` those that have recently
     *     expired. Pages count from 1. The order, and for how long an expired token is listed, are not documented.
     *
     *     Tokens that are created or deleted during a walk move the others from page to page: drop what was seen already,
     *     by id, and do not delete before the walk has ended.
     *
     *     Needs `API Tokens Read` or `API Tokens Write`.
     */
    get: operations["listApiKeys"];
    put?: never;
    /**
     * Create a token of the user
     * @description Creates a token and returns its value, this once: store it before anything else. Once lost, the token can only be
     *     rolled or deleted.
     *
     *     A token cannot be given more than its user may do. A policy is sent without `id`: with one, the creation is
     *     refused. The token is active at once, or from `not_before`.
     *
     *     Not idempotent: sending the request again may create a second token. After a lost answer the first may exist all
     *     the same; look for it by `name` in the list and delete it.
     *
     *     A user may have 50 tokens. Needs `API Tokens Write`.
     */
    post: operations["createApiKey"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/user/tokens/verify": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Verify the token in use
     * @description Says the id and the status of the user token that authenticates the request. Any token of a user may ask, whatever
     *     its policies; one of an account is refused as invalid.
     *
     *     A 200 does not say that the token works: look at `status`. Whether a disabled token is answered so or refused is
     *     not documented.
     */
    get: operations["verifyApiKey"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/user/tokens/{token_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a token of the user
     * @description Returns one token, without its value. Needs `API Tokens Read` or `API Tokens Write`.
     */
    get: operations["getApiKey"];
    /**
     * Replace what a token of the user is
     * @description Replaces name, policies, condition, times and status by what the body says, and leaves the value as it is. What
     *     the body leaves out is taken from the token: policies that are not repeated are lost, without a word in the
     *     answer. Read the token first, and send all of it.
     *
     *     Which default `status` has here is not documented; always send it. Idempotent, because every value is absolute.
     *
     *     Needs `API Tokens Write`.
     */
    put: operations["updateApiKey"];
    post?: never;
    /**
     * Delete a token of the user
     * @description Deletes the token for good; its value stops working. How soon is not documented. To suspend one, update its
     *     `status` instead.
     *
     *     A second deletion is answered with 404, so a 404 after a lost answer means that the token is gone. Needs `API
     *     Tokens Write`.
     */
    delete: operations["deleteApiKey"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/user/tokens/{token_id}/value": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Roll a token of the user
     * @description Gives the token a new value and returns it, this once. The old value stops working; id, policies, condition and
     *     times stay. There is no time in which both values work.
     *
     *     Not idempotent: a second roll replaces the value that the first one gave. When the answer is lost, the old value
     *     may be dead while nobody holds the new one: try the old one, and where it is refused, roll again.
     *
     *     Needs `API Tokens Write`.
     */
    put: operations["rollApiKey"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/accounts/{account_id}/tokens": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the account that owns the tokens, 32 hexadecimal digits.
         * @example 023e105f4ecef8ad9ca31a8372d0c353
         */
        account_id: components["parameters"]["AccountId"];
      };
      cookie?: never;
    };
    /**
     * List an account's tokens
     * @description As `listApiKeys`, of the tokens that the account owns. Needs `Account API Tokens Read` or `Account API Tokens
     *     Write`.
     */
    get: operations["listAccountApiKeys"];
    put?: never;
    /**
     * Create a token of an account
     * @description As `createApiKey`, of a token that the account owns. Not idempotent. An account may have 500 tokens; whether that
     *     is per account or per tenant is not documented. Needs `Account API Tokens Write`.
     */
    post: operations["createAccountApiKey"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/accounts/{account_id}/tokens/verify": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the account that owns the tokens, 32 hexadecimal digits.
         * @example 023e105f4ecef8ad9ca31a8372d0c353
         */
        account_id: components["parameters"]["AccountId"];
      };
      cookie?: never;
    };
    /**
     * Verify the account token in use
     * @description As `verifyApiKey`, of a token that the account owns. Any token of the account may ask. What a user's token is
     *     answered is not documented.
     */
    get: operations["verifyAccountApiKey"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/accounts/{account_id}/tokens/{token_id}": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the account that owns the tokens, 32 hexadecimal digits.
         * @example 023e105f4ecef8ad9ca31a8372d0c353
         */
        account_id: components["parameters"]["AccountId"];
      };
      cookie?: never;
    };
    /**
     * Read a token of an account
     * @description Returns one token, without its value. Needs `Account API Tokens Read` or `Account API Tokens Write`.
     */
    get: operations["getAccountApiKey"];
    /**
     * Replace what a token of an account is
     * @description As `updateApiKey`: a replacement of the whole, which loses what the body leaves out. Needs `Account API Tokens
     *     Write`.
     */
    put: operations["updateAccountApiKey"];
    post?: never;
    /**
     * Delete a token of an account
     * @description As `deleteApiKey`, of a token that the account owns. Needs `Account API Tokens Write`.
     */
    delete: operations["deleteAccountApiKey"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/accounts/{account_id}/tokens/{token_id}/value": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the account that owns the tokens, 32 hexadecimal digits.
         * @example 023e105f4ecef8ad9ca31a8372d0c353
         */
        account_id: components["parameters"]["AccountId"];
      };
      cookie?: never;
    };
    get?: never;
    /**
     * Roll a token of an account
     * @description As `rollApiKey`, of a token that the account owns: the old value stops working, and the new one is in this answer
     *     alone. Not idempotent. Needs `Account API Tokens Write`.
     */
    put: operations["rollAccountApiKey"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description An API token without its value. */
    ApiKey: ApiKey;
    /** @description Whether a token works: `active`; `disabled`, until it is enabled again; `expired`; `revoked (exposed)` after its value was found in public, which is in the provider's Terraform provider and not in the published schema. Accept others, which may come later. */
    ApiKeyStatus: ApiKeyStatus;
    /**
     * @description Direction of an order.
     * @enum {string}
     */
    SortDirection: SortDirection;
    /** @description Allows or denies what its permission groups stand for, on its resources. */
    TokenPolicy: TokenPolicy;
    /** @description A policy as it is sent, without an id. */
    NewTokenPolicy: NewTokenPolicy;
    /**
     * @description A denial wins over an allowance, and what is not allowed is denied.
     * @enum {string}
     */
    PolicyEffect: PolicyEffect;
    /** @description A named set of permissions, such as "DNS Read". It applies to the kind of resource that it is scoped to, and is told by its id alone. */
    PermissionGroup: PermissionGroup;
    /** @description An attribute of a permission group. */
    PermissionGroupMeta: PermissionGroupMeta;
    /**
     * @description Resources by name, each with `*` or with the resources within it:
     *
     *     - `com.cloudflare.api.account.<account>` or `….account.*`: one account, or all;
     *     - `com.cloudflare.api.account.zone.<zone>` or `….zone.*`: one zone, or all of all accounts;
     *     - `com.cloudflare.api.account.<account>` with `{com.cloudflare.api.account.zone.*: "*"}`: all zones of an account;
     *     - `com.cloudflare.api.user.<user>`: the user.
     */
    TokenResources: TokenResources;
    /** @description Restricts where a token may be used from. */
    TokenCondition: TokenCondition;
    /** @description Ranges of IPv4 and IPv6 addresses in CIDR notation; `192.0.2.1/32` is a single one. */
    AddressRanges: AddressRanges;
    /** @description What a new token is. */
    CreateApiKeyRequest: CreateApiKeyRequest;
    /** @description All that a token is. What is left out is taken from it. */
    UpdateApiKeyRequest: UpdateApiKeyRequest;
    /** @description Nothing: the path says which token. */
    RollApiKeyRequest: RollApiKeyRequest;
    /** @description One page of tokens. */
    ListApiKeysResponse: ListApiKeysResponse;
    /** @description Where a page stands in the list. */
    ResultInfo: ResultInfo;
    /** @description The new token and, this once, its value. */
    CreateApiKeyResponse: CreateApiKeyResponse;
    /** @description A token with its value. */
    CreatedApiKey: CreatedApiKey;
    /** @description One token, as read or as changed. */
    ApiKeyResponse: ApiKeyResponse;
    /** @description Which token is in use, and whether it works. */
    VerifyApiKeyResponse: VerifyApiKeyResponse;
    /** @description The token in use, as far as it may see itself. */
    VerifiedApiKey: VerifiedApiKey;
    /** @description The confirmation of a deletion. */
    DeleteApiKeyResponse: DeleteApiKeyResponse;
    /** @description What is left of a deleted token. */
    DeletedApiKey: DeletedApiKey;
    /** @description The new value of a token. */
    RollApiKeyResponse: RollApiKeyResponse;
    /** @description The body of every error. */
    ErrorResponse: ErrorResponse;
    /** @description A code and a text, of an error or of a remark. */
    ResponseInfo: ResponseInfo;
    /** @description What an error is about. */
    ResponseInfoSource: ResponseInfoSource;
  };
  responses: {
    /** @description One page of tokens. A page beyond the last is empty. */
    ApiKeyPage: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ListApiKeysResponse"];
      };
    };
    /** @description The token as it is now. */
    OneApiKey: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ApiKeyResponse"];
      };
    };
    /** @description The token in use is known. */
    VerifiedApiKey: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["VerifyApiKeyResponse"];
      };
    };
    /** @description The token is deleted. */
    DeletedApiKey: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["DeleteApiKeyResponse"];
      };
    };
    /** @description The token has a new value, which is never returned again. */
    RolledApiKey: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["RollApiKeyResponse"];
      };
    };
    /** @description The request is invalid: a header, a parameter or the body. A credential that has not the form of a token is answered so, too. */
    BadRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The credential is missing, unknown, deleted, expired or replaced. */
    Unauthorized: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The credential may not do this: its policies, or the address that it is used from, do not allow it. */
    Forbidden: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description There is no such token, or none any more; or no such account. The code of it is not documented. */
    NotFound: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description Too many requests. This one was refused before it had an effect, so any operation, a creation or a roll included, may be sent again after the wait. */
    TooManyRequests: {
      headers: {
        "Retry-After": components["headers"]["RetryAfter"];
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
  };
  parameters: {
    /**
     * @description Id of the account that owns the tokens, 32 hexadecimal digits.
     * @example 023e105f4ecef8ad9ca31a8372d0c353
     */
    AccountId: string;
    /**
     * @description Id of the token, as in the list and in the answer to its creation. Not a secret. Never put the token's value here.
     * @example ed17574386854bf78a67040be0a770b0
     */
    TokenId: string;
    /**
     * @description Which page to return, from 1. Left out, the first.
     * @example 2
     */
    Page: number;
    /**
     * @description The most tokens that a page may have, 5 to 50. Left out, 20.
     * @example 50
     */
    PerPage: number;
    /**
     * @description Direction of the order. Which field it orders by, and which direction holds otherwise, are not documented.
     * @example desc
     */
    Direction: components["schemas"]["SortDirection"];
    /**
     * @description `true` also lists tokens that have recently expired. Left out, they are not listed. In the provider's documents since 2026.
     * @example true
     */
    IncludeExpired: boolean;
  };
  requestBodies: {
    /** @description The token to create. */
    NewApiKey: {
      content: {
        "application/json": components["schemas"]["CreateApiKeyRequest"];
      };
    };
    /** @description All that the token is to be from now on. */
    WholeApiKey: {
      content: {
        "application/json": components["schemas"]["UpdateApiKeyRequest"];
      };
    };
    /** @description An empty object. The published schema requires it; the provider's older client for Go sends no body. */
    Roll: {
      content: {
        "application/json": components["schemas"]["RollApiKeyRequest"];
      };
    };
  };
  headers: {
    /**
     * @description How many seconds to wait before the next request, rounded up. On a 429 alone.
     * @example 300
     */
    RetryAfter: string;
  };
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listApiKeys: {
    parameters: {
      query?: {
        /**
         * @description Which page to return, from 1. Left out, the first.
         * @example 2
         */
        page?: components["parameters"]["Page"];
        /**
         * @description The most tokens that a page may have, 5 to 50. Left out, 20.
         * @example 50
         */
        per_page?: components["parameters"]["PerPage"];
        /**
         * @description Direction of the order. Which field it orders by, and which direction holds otherwise, are not documented.
         * @example desc
         */
        direction?: components["parameters"]["Direction"];
        /**
         * @description `true` also lists tokens that have recently expired. Left out, they are not listed. In the provider's documents since 2026.
         * @example true
         */
        include_expired?: components["parameters"]["IncludeExpired"];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: components["responses"]["ApiKeyPage"];
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
    };
  };
  createApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: components["requestBodies"]["NewApiKey"];
    responses: {
      /** @description The token was created. Its value is never returned again. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CreateApiKeyResponse"];
        };
      };
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
    };
  };
  verifyApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: components["responses"]["VerifiedApiKey"];
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
    };
  };
  getApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the token, as in the list and in the answer to its creation. Not a secret. Never put the token's value here.
         * @example ed17574386854bf78a67040be0a770b0
         */
        token_id: components["parameters"]["TokenId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: components["responses"]["OneApiKey"];
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
    };
  };
  updateApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the token, as in the list and in the answer to its creation. Not a secret. Never put the token's value here.
         * @example ed17574386854bf78a67040be0a770b0
         */
        token_id: components["parameters"]["TokenId"];
      };
      cookie?: never;
    };
    requestBody: components["requestBodies"]["WholeApiKey"];
    responses: {
      200: components["responses"]["OneApiKey"];
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
    };
  };
  deleteApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the token, as in the list and in the answer to its creation. Not a secret. Never put the token's value here.
         * @example ed17574386854bf78a67040be0a770b0
         */
        token_id: components["parameters"]["TokenId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: components["responses"]["DeletedApiKey"];
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
    };
  };
  rollApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the token, as in the list and in the answer to its creation. Not a secret. Never put the token's value here.
         * @example ed17574386854bf78a67040be0a770b0
         */
        token_id: components["parameters"]["TokenId"];
      };
      cookie?: never;
    };
    requestBody?: components["requestBodies"]["Roll"];
    responses: {
      200: components["responses"]["RolledApiKey"];
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
    };
  };
  listAccountApiKeys: {
    parameters: {
      query?: {
        /**
         * @description Which page to return, from 1. Left out, the first.
         * @example 2
         */
        page?: components["parameters"]["Page"];
        /**
         * @description The most tokens that a page may have, 5 to 50. Left out, 20.
         * @example 50
         */
        per_page?: components["parameters"]["PerPage"];
        /**
         * @description Direction of the order. Which field it orders by, and which direction holds otherwise, are not documented.
         * @example desc
         */
        direction?: components["parameters"]["Direction"];
        /**
         * @description `true` also lists tokens that have recently expired. Left out, they are not listed. In the provider's documents since 2026.
         * @example true
         */
        include_expired?: components["parameters"]["IncludeExpired"];
      };
      header?: never;
      path: {
        /**
         * @description Id of the account that owns the tokens, 32 hexadecimal digits.
         * @example 023e105f4ecef8ad9ca31a8372d0c353
         */
        account_id: components["parameters"]["AccountId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: components["responses"]["ApiKeyPage"];
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
    };
  };
  createAccountApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the account that owns the tokens, 32 hexadecimal digits.
         * @example 023e105f4ecef8ad9ca31a8372d0c353
         */
        account_id: components["parameters"]["AccountId"];
      };
      cookie?: never;
    };
    requestBody: components["requestBodies"]["NewApiKey"];
    responses: {
      /** @description The token was created. Its value is never returned again. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CreateApiKeyResponse"];
        };
      };
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
    };
  };
  verifyAccountApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the account that owns the tokens, 32 hexadecimal digits.
         * @example 023e105f4ecef8ad9ca31a8372d0c353
         */
        account_id: components["parameters"]["AccountId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: components["responses"]["VerifiedApiKey"];
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
    };
  };
  getAccountApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the account that owns the tokens, 32 hexadecimal digits.
         * @example 023e105f4ecef8ad9ca31a8372d0c353
         */
        account_id: components["parameters"]["AccountId"];
        /**
         * @description Id of the token, as in the list and in the answer to its creation. Not a secret. Never put the token's value here.
         * @example ed17574386854bf78a67040be0a770b0
         */
        token_id: components["parameters"]["TokenId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: components["responses"]["OneApiKey"];
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
    };
  };
  updateAccountApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the account that owns the tokens, 32 hexadecimal digits.
         * @example 023e105f4ecef8ad9ca31a8372d0c353
         */
        account_id: components["parameters"]["AccountId"];
        /**
         * @description Id of the token, as in the list and in the answer to its creation. Not a secret. Never put the token's value here.
         * @example ed17574386854bf78a67040be0a770b0
         */
        token_id: components["parameters"]["TokenId"];
      };
      cookie?: never;
    };
    requestBody: components["requestBodies"]["WholeApiKey"];
    responses: {
      200: components["responses"]["OneApiKey"];
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
    };
  };
  deleteAccountApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the account that owns the tokens, 32 hexadecimal digits.
         * @example 023e105f4ecef8ad9ca31a8372d0c353
         */
        account_id: components["parameters"]["AccountId"];
        /**
         * @description Id of the token, as in the list and in the answer to its creation. Not a secret. Never put the token's value here.
         * @example ed17574386854bf78a67040be0a770b0
         */
        token_id: components["parameters"]["TokenId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: components["responses"]["DeletedApiKey"];
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
    };
  };
  rollAccountApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Id of the account that owns the tokens, 32 hexadecimal digits.
         * @example 023e105f4ecef8ad9ca31a8372d0c353
         */
        account_id: components["parameters"]["AccountId"];
        /**
         * @description Id of the token, as in the list and in the answer to its creation. Not a secret. Never put the token's value here.
         * @example ed17574386854bf78a67040be0a770b0
         */
        token_id: components["parameters"]["TokenId"];
      };
      cookie?: never;
    };
    requestBody?: components["requestBodies"]["Roll"];
    responses: {
      200: components["responses"]["RolledApiKey"];
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
    };
  };
}

/** An API token without its value. */
export type ApiKey = {
  /** @description Id of the token, 32 hexadecimal digits. Not a secret. */
  readonly id: string;
  /** @description What people call it, at most 120 characters. No document says that names are unique. */
  name?: string;
  /** @description Whether it works. */
  status?: components["schemas"]["ApiKeyStatus"];
  /**
   * Format: date-time
   * @description When it was created. Whether a roll changes it is not documented.
   */
  readonly issued_on?: string;
  /**
   * Format: date-time
   * @description When it was last changed.
   */
  readonly modified_on?: string;
  /**
   * Format: date-time
   * @description When it was last used. Absent where it never was. How exact it is, is not documented.
   */
  readonly last_used_on?: string;
  /**
   * Format: date-time
   * @description When it begins to work, in UTC with seconds. Absent where it works from its creation.
   */
  not_before?: string;
  /**
   * Format: date-time
   * @description When it stops working, in UTC with seconds. Absent where it does not expire.
   */
  expires_on?: string;
  /** @description What it may do, in no promised order. */
  policies?: components["schemas"]["TokenPolicy"][];
  /** @description Where it may be used from. Absent or empty where from everywhere. */
  condition?: components["schemas"]["TokenCondition"];
};

/**
 * Whether a token works: `active`; `disabled`, until it is enabled again; `expired`; `revoked (exposed)` after its
 * value was found in public, which is in the provider's Terraform provider and not in the published schema. Accept
 * others, which may come later.
 */
export type ApiKeyStatus = "active" | "disabled" | "expired" | "revoked (exposed)" | (string & {});

/** Direction of an order. */
export type SortDirection = "asc" | "desc";

/** Allows or denies what its permission groups stand for, on its resources. */
export type TokenPolicy = {
  /** @description Id of the policy, given by the server when it is written. Only in answers: a creation that has one is refused. */
  id: string;
  /** @description Whether it allows or denies. */
  effect: components["schemas"]["PolicyEffect"];
  /** @description The permission groups, in no promised order. */
  permission_groups: components["schemas"]["PermissionGroup"][];
  /** @description On what. */
  resources: components["schemas"]["TokenResources"];
};

/** A policy as it is sent, without an id. */
export type NewTokenPolicy = {
  /** @description Whether it allows or denies. */
  effect: components["schemas"]["PolicyEffect"];
  /** @description The permission groups; the id of each is enough. */
  permission_groups: components["schemas"]["PermissionGroup"][];
  /** @description On what. */
  resources: components["schemas"]["TokenResources"];
};

/** A denial wins over an allowance, and what is not allowed is denied. */
export type PolicyEffect = "allow" | "deny";

/**
 * A named set of permissions, such as "DNS Read". It applies to the kind of resource that it is scoped to, and is told
 * by its id alone.
 */
export type PermissionGroup = {
  /** @description Id of the permission group, 32 hexadecimal digits. */
  id: string;
  /** @description What people call it. Only in answers. */
  name?: string;
  /** @description Further attributes of the group. What they mean is not documented. */
  meta?: components["schemas"]["PermissionGroupMeta"];
};

/** An attribute of a permission group. */
export type PermissionGroupMeta = {
  /** @description Name of the attribute. */
  key?: string;
  /** @description Value of the attribute. */
  value?: string;
};

/**
 * Resources by name, each with `*` or with the resources within it:
 *
 * - `com.cloudflare.api.account.<account>` or `….account.*`: one account, or all;
 * - `com.cloudflare.api.account.zone.<zone>` or `….zone.*`: one zone, or all of all accounts;
 * - `com.cloudflare.api.account.<account>` with `{com.cloudflare.api.account.zone.*: "*"}`: all zones of an account;
 * - `com.cloudflare.api.user.<user>`: the user.
 */
export type TokenResources = {
  [key: string]:
    | string
    | {
        [key: string]: string;
      };
};

/** Restricts where a token may be used from. */
export type TokenCondition = {
  /** @description The addresses. */
  request_ip?: components["schemas"]["AddressRanges"];
  /** @description The addresses, by the name that the provider's guide and its older client for Go give them. The schema and the newer clients call them `request_ip`. Which of them the server sends and takes is not documented: look whether it took what was sent. */
  "request.ip"?: components["schemas"]["AddressRanges"];
};

/** Ranges of IPv4 and IPv6 addresses in CIDR notation; `192.0.2.1/32` is a single one. */
export type AddressRanges = {
  /** @description Only from these. Absent where from everywhere. */
  in?: string[];
  /** @description Not from these. Absent where there is no exception. */
  not_in?: string[];
};

/** What a new token is. */
export type CreateApiKeyRequest = {
  /** @description What people call it, at most 120 characters. No document says that names are unique. */
  name: string;
  /** @description What it may do. */
  policies: components["schemas"]["NewTokenPolicy"][];
  /**
   * Format: date-time
   * @description When it begins to work, in UTC with seconds. Absent where it works from its creation.
   */
  not_before?: string;
  /**
   * Format: date-time
   * @description When it stops working, in UTC with seconds. Absent where it does not expire.
   */
  expires_on?: string;
  /** @description Where it may be used from. Absent or empty where from everywhere. */
  condition?: components["schemas"]["TokenCondition"];
};

/** All that a token is. What is left out is taken from it. */
export type UpdateApiKeyRequest = {
  /** @description What people call it, at most 120 characters. No document says that names are unique. */
  name: string;
  /** @description What it may do. */
  policies: components["schemas"]["NewTokenPolicy"][];
  /**
   * Format: date-time
   * @description When it begins to work, in UTC with seconds. Absent where it works from its creation.
   */
  not_before?: string;
  /**
   * Format: date-time
   * @description When it stops working, in UTC with seconds. Absent where it does not expire.
   */
  expires_on?: string;
  /** @description Where it may be used from. Absent or empty where from everywhere. */
  condition?: components["schemas"]["TokenCondition"];
  /** @description `active` or `disabled`. */
  status?: components["schemas"]["ApiKeyStatus"];
};

/** Nothing: the path says which token. */
export type RollApiKeyRequest = Record<string, unknown>;

/** One page of tokens. */
export type ListApiKeysResponse = {
  /**
   * @description Always true in a success.
   * @constant
   */
  success: true;
  /** @description Empty in a success. */
  errors: components["schemas"]["ResponseInfo"][];
  /** @description Remarks for people. Usually empty. */
  messages: components["schemas"]["ResponseInfo"][];
  /** @description The tokens of this page. */
  result?: components["schemas"]["ApiKey"][];
  /** @description Where this page stands. Absent where the server does not tell. */
  result_info?: components["schemas"]["ResultInfo"];
};

/** Where a page stands in the list. */
export type ResultInfo = {
  /** @description Number of this page, from 1. */
  page?: number;
  /** @description The most tokens that a page may have. */
  per_page?: number;
  /** @description How many tokens this page has. */
  count?: number;
  /** @description How many tokens the whole list has. */
  total_count?: number;
  /** @description How many pages the list has. In the provider's common schemas, not in those of every operation. */
  total_pages?: number;
};

/** The new token and, this once, its value. */
export type CreateApiKeyResponse = {
  /**
   * @description Always true in a success.
   * @constant
   */
  success: true;
  /** @description Empty in a success. */
  errors: components["schemas"]["ResponseInfo"][];
  /** @description Remarks for people. Usually empty. */
  messages: components["schemas"]["ResponseInfo"][];
  /** @description The new token with its value. */
  result?: components["schemas"]["CreatedApiKey"];
};

/** A token with its value. */
export type CreatedApiKey = {
  /** @description Id of the token, 32 hexadecimal digits. Not a secret. */
  readonly id: string;
  /** @description What people call it, at most 120 characters. No document says that names are unique. */
  name?: string;
  /** @description Whether it works. */
  status?: components["schemas"]["ApiKeyStatus"];
  /**
   * Format: date-time
   * @description When it was created. Whether a roll changes it is not documented.
   */
  readonly issued_on?: string;
  /**
   * Format: date-time
   * @description When it was last changed.
   */
  readonly modified_on?: string;
  /**
   * Format: date-time
   * @description When it was last used. Absent where it never was. How exact it is, is not documented.
   */
  readonly last_used_on?: string;
  /**
   * Format: date-time
   * @description When it begins to work, in UTC with seconds. Absent where it works from its creation.
   */
  not_before?: string;
  /**
   * Format: date-time
   * @description When it stops working, in UTC with seconds. Absent where it does not expire.
   */
  expires_on?: string;
  /** @description What it may do, in no promised order. */
  policies?: components["schemas"]["TokenPolicy"][];
  /** @description Where it may be used from. Absent or empty where from everywhere. */
  condition?: components["schemas"]["TokenCondition"];
  /**
   * Format: password
   * @description The plaintext: `cfut_` or `cfat_`, 40 characters and a checksum, in tokens from before 2026 the 40 characters alone. Returned here and never again.
   */
  readonly value?: string;
};

/** One token, as read or as changed. */
export type ApiKeyResponse = {
  /**
   * @description Always true in a success.
   * @constant
   */
  success: true;
  /** @description Empty in a success. */
  errors: components["schemas"]["ResponseInfo"][];
  /** @description Remarks for people. Usually empty. */
  messages: components["schemas"]["ResponseInfo"][];
  /** @description The token. */
  result?: components["schemas"]["ApiKey"];
};

/** Which token is in use, and whether it works. */
export type VerifyApiKeyResponse = {
  /**
   * @description Always true in a success.
   * @constant
   */
  success: true;
  /** @description Empty in a success. */
  errors: components["schemas"]["ResponseInfo"][];
  /** @description Remarks for people. Usually empty. */
  messages: components["schemas"]["ResponseInfo"][];
  /** @description The token in use. */
  result?: components["schemas"]["VerifiedApiKey"];
};

/** The token in use, as far as it may see itself. */
export type VerifiedApiKey = {
  /** @description Id of the token, 32 hexadecimal digits. Not a secret. */
  readonly id: string;
  /** @description Whether it works. */
  status: components["schemas"]["ApiKeyStatus"];
  /**
   * Format: date-time
   * @description When it begins to work, in UTC with seconds. Absent where it works from its creation.
   */
  not_before?: string;
  /**
   * Format: date-time
   * @description When it stops working, in UTC with seconds. Absent where it does not expire.
   */
  expires_on?: string;
};

/** The confirmation of a deletion. */
export type DeleteApiKeyResponse = {
  /**
   * @description Always true in a success.
   * @constant
   */
  success: true;
  /** @description Empty in a success. */
  errors: components["schemas"]["ResponseInfo"][];
  /** @description Remarks for people. Usually empty. */
  messages: components["schemas"]["ResponseInfo"][];
  /** @description What was deleted. Null where the server does not tell. */
  result?: components["schemas"]["DeletedApiKey"] | null;
};

/** What is left of a deleted token. */
export type DeletedApiKey = {
  /** @description Id of the token, 32 hexadecimal digits. Not a secret. */
  readonly id: string;
};

/** The new value of a token. */
export type RollApiKeyResponse = {
  /**
   * @description Always true in a success.
   * @constant
   */
  success: true;
  /** @description Empty in a success. */
  errors: components["schemas"]["ResponseInfo"][];
  /** @description Remarks for people. Usually empty. */
  messages: components["schemas"]["ResponseInfo"][];
  /**
   * Format: password
   * @description The new value. Returned here and never again.
   */
  readonly result?: string;
};

/** The body of every error. */
export type ErrorResponse = {
  /**
   * @description Always false in an error.
   * @constant
   */
  success: false;
  /** @description What was wrong; at least one entry. */
  errors: components["schemas"]["ResponseInfo"][];
  /** @description Remarks for people. Usually empty. */
  messages?: components["schemas"]["ResponseInfo"][];
  /** @description Always null in an error. */
  result?: Record<string, unknown> | null;
};

/** A code and a text, of an error or of a remark. */
export type ResponseInfo = {
  /** @description The provider's own number for it, 1000 or above. */
  code: number;
  /** @description In words. */
  message: string;
  /** @description Where there is more about it. Absent where nowhere. */
  documentation_url?: string;
  /** @description What it is about. Absent where that is not told. */
  source?: components["schemas"]["ResponseInfoSource"];
};

/** What an error is about. */
export type ResponseInfoSource = {
  /** @description The place in the request, as a JSON pointer. */
  pointer?: string;
};

/** A key as the server sends it, without the fields that hold plaintext. */
export type WireApiKey = components["schemas"]["ApiKey"];
