/**
 * Types of spec/openrouter.yaml.
 * Generated: change the spec and run `npm run generate`.
 */
export interface paths {
  "/key": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the key in use
     * @description Describes the key that authenticates the request: its limit, its spend, and what kind of key it is. Any key may
     *     ask, a management key or an inference key, so this also serves to check that a key is accepted.
     *
     *     The answer has no `hash` and no `name`, so it cannot be tied with certainty to an entry of the list: `label` is
     *     masked.
     *
     *     `GET /auth/key` is an older path of this operation. Many clients still use it, and no current document names it.
     */
    get: operations["getCurrentApiKey"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List keys
     * @description Lists one page of the keys of one workspace. Needs a management key.
     *
     *     Without parameters the scope is the default workspace, without disabled and without expired keys. To see every
     *     key of a workspace, name it with `workspace_id` and set both `include_disabled` and `include_expired`; other
     *     workspaces need a request of their own.
     *
     *     Paging is by `offset` alone: there is no page size to ask for, no total and no cursor. Comments in the provider's
     *     guide speak of the most recent 100 keys; nothing promises that page size or that order. So:
     *
     *     - advance `offset` by the number of keys received, and stop at an empty page;
     *     - drop keys already seen, by `hash`: a key created during the walk can shift the others;
     *     - when a page is not empty but brings no new hash, fail clearly rather than take it for the end;
     *     - do not delete during the walk: the keys behind a deleted one move up, and the server skips as many as were
     *       deleted. Collect the list first. Whatever else takes a key out of the scope, such as moving it to another
     *       workspace, has the same effect.
     *
     *     Whether management keys are among the keys of the list is not documented.
     */
    get: operations["listApiKeys"];
    put?: never;
    /**
     * Create a key
     * @description Creates an inference key. Needs a management key, and cannot create one.
     *
     *     The plaintext is in this answer alone, as the top-level `key`: store it before anything else. Once lost, the key
     *     can only be deleted.
     *
     *     Not idempotent: sending the request again may create a second key. After a lost answer the first may exist all
     *     the same; look for it by `name` in the list (no document says that names are unique) and delete it.
     *
     *     A key is always created enabled: `disabled` cannot be set here. `expires_at` can be set here and never changed
     *     afterwards; one that is not in UTC, or has no seconds, is refused.
     */
    post: operations["createApiKey"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/keys/{hash}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read one key
     * @description Reads one key by its hash: its settings and its spend so far, never its plaintext. Needs a management key.
     */
    get: operations["getApiKey"];
    put?: never;
    post?: never;
    /**
     * Delete a key
     * @description Deletes a key. Needs a management key. No operation brings the key back; to suspend one, update it with
     *     `disabled` instead. How soon inference refuses a deleted key is not known.
     *
     *     A 200 means that a key with this hash existed and is deleted; for an unknown hash the answer is 404. Idempotent
     *     in effect: when the answer to a delete is lost, a 404 to the second try means that the key is gone.
     */
    delete: operations["deleteApiKey"];
    options?: never;
    head?: never;
    /**
     * Update a key
     * @description Sets the given fields to the given values and leaves the others as they are; the plaintext stays the same. Needs
     *     a management key. Idempotent, because every value is absolute.
     *
     *     `disabled` suspends a key and brings it back. `expires_at` cannot be changed.
     *
     *     `workspace_id` moves the key. Its plaintext stays the same and its guardrail selections move along; presets, BYOK
     *     keys, broadcast destinations and routing rules stay behind. Naming the workspace that the key is in changes
     *     nothing. The key's creator has to be a member of the new workspace: if not, the answer is 409.
     *
     *     Unknown fields are ignored, `expires_at` among them: an update that mixes one with an accepted field succeeds
     *     and silently drops it. An update with no accepted field at all is answered with 400 `No update fields provided`.
     */
    patch: operations["updateApiKey"];
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description One page of keys. It holds no total, no cursor and no page size. */
    ListApiKeysResponse: ListApiKeysResponse;
    /** @description A key with its settings and its spend, without its plaintext. */
    ApiKey: ApiKey;
    /** @description The answer of `GET /key`. */
    CurrentApiKeyResponse: CurrentApiKeyResponse;
    /** @description The key that authenticates the request. Like `ApiKey`, without `hash`, `name`, `disabled`, `created_at`, `updated_at`, `external_user` and `last_used_at`, and with facts about the account and its budgets. */
    CurrentApiKey: CurrentApiKey;
    /**
     * @deprecated
     * @description A former rate limit that means nothing any more. Do not pace requests by it: go by 429 and `Retry-After`.
     */
    RateLimit: RateLimit;
    /** @description A region that data may be processed in. Known are three; accept others, which may come later. */
    DataRegion: DataRegion;
    /** @description Requests of the account to free models (those whose name ends in `:free`) on the current day, which begins at midnight UTC. BYOK requests and accounts that are exempt do not have to fit into it. */
    FreeModelDailyRequests: FreeModelDailyRequests;
    /** @description One budget that requests made with the key have to fit into, with what is spent of it. */
    KeyBudget: KeyBudget;
    /**
     * @description How often a limit starts anew, always at midnight UTC: `daily`; `weekly`, with weeks from Monday to Sunday; `monthly`, with calendar months.
     * @enum {string}
     */
    LimitReset: LimitReset;
    /** @description What a budget is attached to: the workspace's default guardrail, counted over all keys of the member (`workspace_default_member`) or for this key alone (`workspace_default_key`); the member's guardrail (`member`); the guardrail of this key (`api_key`); a budget of the workspace (`workspace`); or the key's own `limit` (`key_limit`). Accept others, which may come later. */
    KeyBudgetScope: KeyBudgetScope;
    /** @description The body of every error. */
    ErrorResponse: ErrorResponse;
    /** @description What went wrong. */
    ErrorDetail: ErrorDetail;
    /** @description The key to create. Only the name is required. */
    CreateApiKeyRequest: CreateApiKeyRequest;
    /** @description A user of the caller's own system, for whom the key is created. */
    ExternalUser: ExternalUser;
    /** @description The new key and, this once, its plaintext. */
    CreateApiKeyResponse: CreateApiKeyResponse;
    /** @description One key, as read or as updated. */
    ApiKeyResponse: ApiKeyResponse;
    /** @description The fields to change. Each is optional, but at least one is needed. A field that is absent stays as it is; one that is not named here is ignored. */
    UpdateApiKeyRequest: UpdateApiKeyRequest;
    /** @description The confirmation of a deletion. */
    DeleteApiKeyResponse: DeleteApiKeyResponse;
  };
  responses: {
    /** @description No credential was sent, or it is not accepted. The message is published for the first case only. */
    Unauthorized: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description Too many requests. The request was refused before it had an effect, so any operation, creation included, may be sent again after the wait. */
    TooManyRequests: {
      headers: {
        "Retry-After": components["headers"]["RetryAfter"];
        "X-RateLimit-Limit": components["headers"]["RateLimitLimit"];
        "X-RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
        "X-RateLimit-Reset": components["headers"]["RateLimitReset"];
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The server failed. Whether the request had an effect is unknown: for a creation, look before sending it again. */
    InternalServerError: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description A parameter or a field of the body is missing, malformed or out of range. */
    BadRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The credential may not do this. The only reason that is published is that it is not a management key. */
    Forbidden: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description No key with this hash, or none any more. */
    NotFound: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description A field is malformed, or the body holds no field that can be updated. */
    UpdateBadRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The key cannot be moved: its creator is not a member of the workspace that `workspace_id` names. Add them to it and send the update again. */
    Conflict: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
  };
  parameters: {
    /**
     * @description The `hash` of the key, as in the list and in the answer to its creation. Not a secret: it may stand in URLs and logs. Never put the plaintext key here.
     * @example f01d52606dc8f0a8303a7b5cc3fa07109c2e346cec7c0a16b40de462992ce943
     */
    KeyHash: string;
  };
  requestBodies: never;
  headers: {
    /**
     * @description How many seconds to wait before the next try. Not every 429 has it.
     * @example 60
     */
    RetryAfter: string;
    /**
     * @description The limit that was hit. On a 429 of the platform itself.
     * @example 20
     */
    RateLimitLimit: string;
    /**
     * @description What is left of that limit. On a 429 of the platform itself.
     * @example 0
     */
    RateLimitRemaining: string;
    /**
     * @description When that limit starts anew; in which unit is not documented. On a 429 of the platform itself.
     * @example 1764115200000
     */
    RateLimitReset: string;
  };
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  getCurrentApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The key in use. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CurrentApiKeyResponse"];
        };
      };
      401: components["responses"]["Unauthorized"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
    };
  };
  listApiKeys: {
    parameters: {
      query?: {
        /**
         * @description `true` lists disabled keys too. Left out, they are not listed.
         * @example true
         */
        include_disabled?: boolean;
        /**
         * @description `true` also lists keys whose `expires_at` has passed. Left out, they are not listed. In the provider's documents since October 2026.
         * @example true
         */
        include_expired?: boolean;
        /**
         * @description How many keys to skip before the first one returned. Left out, the list starts at its first key.
         * @example 0
         */
        offset?: number;
        /**
         * @description Lists the keys of this workspace. Left out, those of the default workspace.
         * @example 0df9e665-d932-5740-b2c7-b52af166bc11
         */
        workspace_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page of keys. An empty page is the end of the list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ListApiKeysResponse"];
        };
      };
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
    };
  };
  createApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The key to create. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateApiKeyRequest"];
      };
    };
    responses: {
      /** @description The key was created. Its plaintext is never returned again. */
      201: {
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
      500: components["responses"]["InternalServerError"];
    };
  };
  getApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The `hash` of the key, as in the list and in the answer to its creation. Not a secret: it may stand in URLs and logs. Never put the plaintext key here.
         * @example f01d52606dc8f0a8303a7b5cc3fa07109c2e346cec7c0a16b40de462992ce943
         */
        hash: components["parameters"]["KeyHash"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The key. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ApiKeyResponse"];
        };
      };
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
    };
  };
  deleteApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The `hash` of the key, as in the list and in the answer to its creation. Not a secret: it may stand in URLs and logs. Never put the plaintext key here.
         * @example f01d52606dc8f0a8303a7b5cc3fa07109c2e346cec7c0a16b40de462992ce943
         */
        hash: components["parameters"]["KeyHash"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The key is deleted. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeleteApiKeyResponse"];
        };
      };
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
    };
  };
  updateApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The `hash` of the key, as in the list and in the answer to its creation. Not a secret: it may stand in URLs and logs. Never put the plaintext key here.
         * @example f01d52606dc8f0a8303a7b5cc3fa07109c2e346cec7c0a16b40de462992ce943
         */
        hash: components["parameters"]["KeyHash"];
      };
      cookie?: never;
    };
    /** @description The fields to change. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["UpdateApiKeyRequest"];
      };
    };
    responses: {
      /** @description The key as it is after the update. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ApiKeyResponse"];
        };
      };
      400: components["responses"]["UpdateBadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      409: components["responses"]["Conflict"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
    };
  };
}

/** One page of keys. It holds no total, no cursor and no page size. */
export type ListApiKeysResponse = {
  /** @description The keys of this page; no order is promised. Empty at the end of the list. */
  data: components["schemas"]["ApiKey"][];
};

/** A key with its settings and its spend, without its plaintext. */
export type ApiKey = {
  /**
   * @description The id of the key, which get, update and delete take. Not a secret.
   * @example f01d52606dc8f0a8303a7b5cc3fa07109c2e346cec7c0a16b40de462992ce943
   */
  hash: string;
  /** @description The name given to the key. No document says that names are unique. */
  name: string;
  /**
   * @description The masked key, such as `sk-or-v1-0e6...1c96`. For people to look at: masks can coincide, and some of the provider's examples show the name or another text here instead. Never identify a key by it.
   * @example sk-or-v1-0e6...1c96
   */
  label: string;
  /** @description Whether the key is suspended. Disabled keys are listed only on request. */
  disabled: boolean;
  /**
   * @description When the key was created: an ISO 8601 time. Published examples have whole seconds and `Z`, or microseconds and an offset. The provider does not declare it as a date-time.
   * @example 2025-02-19T20:52:27.363244+00:00
   */
  created_at: string;
  /** @description When the key was last updated, in the form of `created_at`. Null when it never was. */
  updated_at: string | null;
  /**
   * @description Id of the user who created the key; in an organization, of the member who did. Null when none is known.
   * @example user_2dHFtVWx2n56w6HkM0000000000
   */
  creator_user_id: string | null;
  /**
   * Format: uuid
   * @description Id of the workspace that the key is in.
   */
  workspace_id: string;
  /**
   * Format: date-time
   * @description When the key expires, in UTC. Null, or absent, when it does not. Set on creation and never changed. Expired keys are listed only on request.
   */
  expires_at?: string | null;
  /** @description The external user that the key is linked to. Null when there is none. Optional: documented since September 2026. */
  external_user?: string | null;
  /**
   * Format: date-time
   * @description When the key was last used. Null when no use has been recorded since the end of 2025: a key with `usage` above 0 was used before. Optional: documented since October 2026.
   */
  last_used_at?: string | null;
  /**
   * Format: double
   * @description The most that the key may spend in one window of `limit_reset`, in US dollars. Null: no limit.
   */
  limit: number | null;
  /**
   * Format: double
   * @description What is left of `limit` in the current window, in US dollars. Null: no limit. The spend of the current window is `limit - limit_remaining`, not `usage`.
   */
  limit_remaining: number | null;
  /**
   * @description How often the limit starts anew: `daily`, `weekly` or `monthly`, each at midnight UTC, weeks from Monday to Sunday; further values may come. Null: never, the limit holds for the key's whole life.
   * @example monthly
   */
  limit_reset: string | null;
  /** @description Whether BYOK spend counts towards `limit`. */
  include_byok_in_limit: boolean;
  /**
   * Format: double
   * @description OpenRouter credits spent in the key's whole life, in US dollars. Does not fall back when the limit resets.
   */
  usage: number;
  /**
   * Format: double
   * @description OpenRouter credits spent since the last midnight UTC, in US dollars.
   */
  usage_daily: number;
  /**
   * Format: double
   * @description OpenRouter credits spent in the current week, Monday to Sunday in UTC, in US dollars.
   */
  usage_weekly: number;
  /**
   * Format: double
   * @description OpenRouter credits spent in the current calendar month in UTC, in US dollars.
   */
  usage_monthly: number;
  /**
   * Format: double
   * @description BYOK spend, through the account's own keys at model providers, in the key's whole life, in US dollars.
   */
  byok_usage: number;
  /**
   * Format: double
   * @description BYOK spend since the last midnight UTC, in US dollars.
   */
  byok_usage_daily: number;
  /**
   * Format: double
   * @description BYOK spend in the current week, Monday to Sunday in UTC, in US dollars.
   */
  byok_usage_weekly: number;
  /**
   * Format: double
   * @description BYOK spend in the current calendar month in UTC, in US dollars.
   */
  byok_usage_monthly: number;
};

/** The answer of `GET /key`. */
export type CurrentApiKeyResponse = {
  /** @description The key in use. */
  data: components["schemas"]["CurrentApiKey"];
};

/**
 * The key that authenticates the request. Like `ApiKey`, without `hash`, `name`, `disabled`, `created_at`,
 * `updated_at`, `external_user` and `last_used_at`, and with facts about the account and its budgets.
 */
export type CurrentApiKey = {
  /**
   * @description The masked key, such as `sk-or-v1-0e6...1c96`. For people to look at: masks can coincide, and some of the provider's examples show the name or another text here instead. Never identify a key by it.
   * @example sk-or-v1-0e6...1c96
   */
  label: string;
  /**
   * @description Id of the user who created the key; in an organization, of the member who did. Null when none is known.
   * @example user_2dHFtVWx2n56w6HkM0000000000
   */
  creator_user_id: string | null;
  /**
   * Format: date-time
   * @description When the key expires, in UTC. Null, or absent, when it does not.
   */
  expires_at?: string | null;
  /**
   * Format: double
   * @description The most that the key may spend in one window of `limit_reset`, in US dollars. Null: no limit.
   */
  limit: number | null;
  /**
   * Format: double
   * @description What is left of `limit` in the current window, in US dollars. Null: no limit. The spend of the current window is `limit - limit_remaining`, not `usage`.
   */
  limit_remaining: number | null;
  /**
   * @description How often the limit starts anew: `daily`, `weekly` or `monthly`, each at midnight UTC, weeks from Monday to Sunday; further values may come. Null: never, the limit holds for the key's whole life.
   * @example monthly
   */
  limit_reset: string | null;
  /** @description Whether BYOK spend counts towards `limit`. */
  include_byok_in_limit: boolean;
  /**
   * Format: double
   * @description OpenRouter credits spent in the key's whole life, in US dollars. Does not fall back when the limit resets.
   */
  usage: number;
  /**
   * Format: double
   * @description OpenRouter credits spent since the last midnight UTC, in US dollars.
   */
  usage_daily: number;
  /**
   * Format: double
   * @description OpenRouter credits spent in the current week, Monday to Sunday in UTC, in US dollars.
   */
  usage_weekly: number;
  /**
   * Format: double
   * @description OpenRouter credits spent in the current calendar month in UTC, in US dollars.
   */
  usage_monthly: number;
  /**
   * Format: double
   * @description BYOK spend, through the account's own keys at model providers, in the key's whole life, in US dollars.
   */
  byok_usage: number;
  /**
   * Format: double
   * @description BYOK spend since the last midnight UTC, in US dollars.
   */
  byok_usage_daily: number;
  /**
   * Format: double
   * @description BYOK spend in the current week, Monday to Sunday in UTC, in US dollars.
   */
  byok_usage_weekly: number;
  /**
   * Format: double
   * @description BYOK spend in the current calendar month in UTC, in US dollars.
   */
  byok_usage_monthly: number;
  /** @description Whether this is a free tier key. */
  is_free_tier: boolean;
  /** @description Whether this is a management key, which may call `/keys` and cannot run inference. */
  is_management_key: boolean;
  /**
   * @deprecated
   * @description The former name of `is_management_key`; read that instead.
   */
  is_provisioning_key: boolean;
  /**
   * @deprecated
   * @description A former rate limit that means nothing any more.
   */
  rate_limit: components["schemas"]["RateLimit"];
  /** @description The data regions that the policies of the key and of the account permit; empty when they permit none. Other restrictions hold beside them. Optional: documented since September 2026. */
  allowed_data_regions?: components["schemas"]["DataRegion"][];
  /** @description Requests to free models, of which the account has a number each day. Optional: documented since September 2026. */
  free_model_daily_requests?: components["schemas"]["FreeModelDailyRequests"];
  /** @description Id of the organization that owns the key. Null when an individual account owns it. Optional: documented since September 2026. */
  organization_id?: string | null;
  /**
   * Format: uuid
   * @description Id of the workspace that the key spends in. Null when it has no active one, because it was deleted, say. Optional: documented since September 2026.
   */
  workspace_id?: string | null;
  /** @description Every budget that requests made with the key have to fit into, in the order in which they are checked: guardrails, then the workspace, then the key's own limit. Empty when there is none. Optional: documented since October 2026. */
  budgets?: components["schemas"]["KeyBudget"][];
  /** @description The one of `budgets` that stops requests first: the one that refuses them when one is spent already, otherwise the one with the least `remaining_usd`. Null when there is none. Optional: documented since October 2026. */
  effective_budget?: components["schemas"]["KeyBudget"] | null;
};

/** A former rate limit that means nothing any more. Do not pace requests by it: go by 429 and `Retry-After`. */
export type RateLimit = {
  /** @description Once the requests allowed per interval. Documented as always -1. */
  requests: number;
  /** @description Once the interval that `requests` counted for. */
  interval: string;
  /** @description A remark of the provider's on the deprecation. */
  note: string;
};

/** A region that data may be processed in. Known are three; accept others, which may come later. */
export type DataRegion = "global" | "europe" | "us" | (string & {});

/**
 * Requests of the account to free models (those whose name ends in `:free`) on the current day, which begins at
 * midnight UTC. BYOK requests and accounts that are exempt do not have to fit into it.
 */
export type FreeModelDailyRequests = {
  /** @description Requests allowed in a day. */
  limit?: number;
  /** @description Requests left for the current day. */
  remaining?: number;
  /** @description Requests made on the current day. */
  used?: number;
};

/** One budget that requests made with the key have to fit into, with what is spent of it. */
export type KeyBudget = {
  /** @description Id of a workspace budget (`scope` is `workspace`). Null for other scopes. */
  budget_id?: string | null;
  /** @description Id of the guardrail that sets the budget. Null when no guardrail does. */
  guardrail_id?: string | null;
  /** @description Whether BYOK spend counts towards the budget. */
  include_byok?: boolean;
  /** @description The budget for one window, in US dollars. */
  limit_usd?: number;
  /** @description What is left in the current window, in US dollars: `limit_usd - spend_usd`. At zero or below, inference with the key is refused until the budget resets. */
  remaining_usd?: number;
  /** @description How often the budget starts anew. Null: never, it holds for good. */
  reset_interval?: components["schemas"]["LimitReset"] | null;
  /** @description When the current window ends and the spend starts again at zero, as an ISO 8601 time in UTC. Null: never. */
  resets_at?: string | null;
  /** @description What the budget is attached to. */
  scope?: components["schemas"]["KeyBudgetScope"];
  /** @description What is spent in the current window, in US dollars. */
  spend_usd?: number;
};

/**
 * How often a limit starts anew, always at midnight UTC: `daily`; `weekly`, with weeks from Monday to Sunday;
 * `monthly`, with calendar months.
 */
export type LimitReset = "daily" | "weekly" | "monthly";

/**
 * What a budget is attached to: the workspace's default guardrail, counted over all keys of the member
 * (`workspace_default_member`) or for this key alone (`workspace_default_key`); the member's guardrail (`member`); the
 * guardrail of this key (`api_key`); a budget of the workspace (`workspace`); or the key's own `limit` (`key_limit`).
 * Accept others, which may come later.
 */
export type KeyBudgetScope =
  | "workspace_default_member"
  | "workspace_default_key"
  | "member"
  | "api_key"
  | "workspace"
  | "key_limit"
  | (string & {});

/** The body of every error. */
export type ErrorResponse = {
  /** @description What went wrong. */
  error: components["schemas"]["ErrorDetail"];
  /** @description Details added by the platform, of no known shape. Null or absent when there are none. */
  openrouter_metadata?: Record<string, unknown> | null;
  /** @description Id of the user that the request was attributed to. Null or absent when there is none. */
  user_id?: string | null;
};

/** What went wrong. */
export type ErrorDetail = {
  /** @description The HTTP status, in every example that the provider publishes. */
  code: number;
  /** @description A sentence for people. Its wording is not promised; do not branch on it. */
  message: string;
  /** @description Further details, of no known shape. Null or absent when there are none. */
  metadata?: Record<string, unknown> | null;
};

/** The key to create. Only the name is required. */
export type CreateApiKeyRequest = {
  /** @description Name of the key. It need not be unique as far as is known, but a unique one lets a key be found again whose creation was never answered. */
  name: string;
  /**
   * Format: double
   * @description The most that the key may spend in one window of `limit_reset`, in US dollars. Null: no limit. Optional; no default is declared, so send null to be sure.
   */
  limit?: number | null;
  /**
   * @description How often the limit starts anew, as `LimitReset` has it. Null: never, the limit holds for the key's whole life. Optional; what is assumed for a new key is not documented.
   * @enum {string|null}
   */
  limit_reset?: "daily" | "weekly" | "monthly" | null;
  /** @description Whether BYOK spend counts towards `limit`. Optional; no default is declared. */
  include_byok_in_limit?: boolean;
  /**
   * Format: date-time
   * @description When the key is to expire: in UTC and with seconds, whose fraction may follow, such as `2027-12-31T23:59:59Z`. Null or absent: never. Cannot be changed afterwards.
   * @example 2027-12-31T23:59:59Z
   */
  expires_at?: string | null;
  /** @description Id of the user to record as the creator. Means something only for a key of an organization, where one of its members creates it. */
  creator_user_id?: string | null;
  /**
   * Format: uuid
   * @description Id of the workspace to create the key in. Absent, the default workspace.
   */
  workspace_id?: string;
  /** @description Links the key to a user of the caller's own system. In the provider's documents since September 2026. */
  external?: components["schemas"]["ExternalUser"];
};

/** A user of the caller's own system, for whom the key is created. */
export type ExternalUser = {
  /** @description The caller's own id of that user, 1 to 512 characters. */
  user: string;
  /**
   * Format: password
   * @description A key of the caller's own by which the caller's systems know that user: 32 to 512 characters that are hard to guess. It is not the key that is created. The provider keeps its SHA-256 hash, and no response returns it.
   */
  api_key?: string;
};

/** The new key and, this once, its plaintext. */
export type CreateApiKeyResponse = {
  /** @description The new key, without its plaintext. */
  data: components["schemas"]["ApiKey"];
  /**
   * Format: password
   * @description The plaintext key: `sk-or-v1-` and 64 hexadecimal digits in the published example. Returned here and never again.
   * @example sk-or-v1-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
   */
  key: string;
};

/** One key, as read or as updated. */
export type ApiKeyResponse = {
  /** @description The key. */
  data: components["schemas"]["ApiKey"];
};

/**
 * The fields to change. Each is optional, but at least one is needed. A field that is absent stays as it is; one that
 * is not named here is ignored.
 */
export type UpdateApiKeyRequest = {
  /** @description New name of the key. */
  name?: string;
  /** @description `true` suspends the key, `false` brings it back. */
  disabled?: boolean;
  /**
   * Format: double
   * @description The most that the key may spend in one window of `limit_reset`, in US dollars. Null removes the limit.
   */
  limit?: number | null;
  /**
   * @description How often the limit starts anew, as `LimitReset` has it. Null: never, the limit holds for the key's whole life. Optional; what is assumed for a new key is not documented.
   * @enum {string|null}
   */
  limit_reset?: "daily" | "weekly" | "monthly" | null;
  /** @description Whether BYOK spend counts towards `limit`. */
  include_byok_in_limit?: boolean;
  /**
   * Format: uuid
   * @description Moves the key to this workspace, of which its creator has to be a member. In the provider's documents since October 2026.
   */
  workspace_id?: string;
};

/** The confirmation of a deletion. */
export type DeleteApiKeyResponse = {
  /**
   * @description Always true. A deletion that did not happen is an error status.
   * @constant
   */
  deleted: true;
};

/** A key as the server sends it, without the fields that hold plaintext. */
export type WireApiKey = components["schemas"]["ApiKey"];
