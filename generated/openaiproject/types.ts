/**
 * Types of spec/openaiproject.yaml.
 * Generated: change the spec and run `npm run generate`.
 */
export interface paths {
  "/organization/projects/{project_id}/api_keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the keys of a project
     * @description Lists one page of the project's keys, those of users and those of service accounts. `after` takes the id of the
     *     last key of the page before; as long as `has_more` is true, another page follows. The order is not documented.
     *
     *     Without `owner_project_access`, keys that work may be missing: only `any` lists all that are enabled. Whether
     *     expired keys stay in the list, and what an `after` does whose key has been deleted meanwhile, is not documented.
     */
    get: operations["listApiKeys"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/organization/projects/{project_id}/api_keys/{api_key_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a key of a project
     * @description Shows one key, without its plaintext.
     */
    get: operations["getApiKey"];
    put?: never;
    /**
     * Change what a key may do, or when it expires
     * @description Replaces the scopes of a key, or moves its expiry, or both at once; what is left out stays as it is. It serves for
     *     the keys of service accounts, too. The name cannot be changed, an expiry not be removed, and a key that has expired
     *     not be updated. The answer does not tell the scopes.
     *
     *     The expiry counts from the request: one that is repeated moves it again, to as long after the repetition.
     */
    post: operations["updateApiKey"];
    /**
     * Delete a key of a project
     * @description Deletes the key for good. A key of a service account is deleted alone: the account and its other keys remain. The
     *     document of August 2026 has such a key refused with 400 instead; then deleting its account is what revokes it.
     *
     *     How soon the plaintext stops being accepted is not documented, and neither is what a second deletion of the same id
     *     answers: 404 is to be expected.
     */
    delete: operations["deleteApiKey"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/organization/projects/{project_id}/service_accounts": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Create a service account and its first key
     * @description Makes a service account in the project and, unless told otherwise, a key of it, whose plaintext is in this answer
     *     alone, as `value` of `api_key`: store it before anything else. The account becomes a member of the project. What
     *     the key is called is not documented: in the example it is not called as the account.
     *
     *     Not idempotent: sending the request again may create a second account and a second key. After a lost answer the
     *     first may exist all the same.
     *
     *     An organization or a project can require that keys expire, and within what time. Then a creation without a
     *     lifetime, or with a longer one, is refused.
     */
    post: operations["createServiceAccount"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Create a key of a service account
     * @description Creates another key of a service account that is there. The plaintext is in this answer alone, as `value`: store it
     *     before anything else. Once lost, the key can only be deleted.
     *
     *     Not idempotent: sending the request again may create a second key. After a lost answer the first may exist all the
     *     same; look for it by `name` in the list (nothing says that names are unique) and delete it.
     *
     *     What the key may do without `scopes` is not documented. An organization or a project can require that keys expire,
     *     and within what time; what is refused then is documented for `createServiceAccount` alone.
     */
    post: operations["createApiKey"];
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
    /**
     * @description Whose keys are listed: `active`, of owners who can use the project; `inactive`, of those who cannot; `any`.
     * @enum {string}
     */
    ProjectAccessFilter: ProjectAccessFilter;
    /** @description A key of a project, without its plaintext. What it may do is not told. */
    ApiKey: ApiKey;
    /** @description The user or the service account that a key belongs to. */
    KeyOwner: KeyOwner;
    /** @description A user whose key it is. */
    OwningUser: OwningUser;
    /** @description A service account whose key it is. */
    OwningServiceAccount: OwningServiceAccount;
    /** @description One page of keys. */
    ListApiKeysResponse: ListApiKeysResponse;
    /**
     * @description What the key may do, by the names of the web console, such as `api.all.read` for reading alone or `api.files.read`. Of an update it is documented that an empty list lifts all restrictions; the key then may do what its owner may.
     * @example [
     *       "api.all.read"
     *     ]
     */
    Scopes: Scopes;
    /**
     * @description How long the key lives, counted from the request, in seconds, up to 365 days. The organization or the project may allow less. Left out or null, the key does not expire.
     * @example 7776000
     */
    LifetimeSeconds: LifetimeSeconds;
    /** @description What a new service account is made of. */
    CreateServiceAccountRequest: CreateServiceAccountRequest;
    /** @description A new key and its plaintext. This is the only answer that holds the plaintext. */
    CreatedApiKey: CreatedApiKey;
    /** @description A new service account and its key. */
    CreateServiceAccountResponse: CreateServiceAccountResponse;
    /** @description What a new key is made of. No field is required. */
    CreateApiKeyRequest: CreateApiKeyRequest;
    /** @description What to change of a key. At least one field is needed. */
    UpdateApiKeyRequest: UpdateApiKeyRequest;
    /** @description What is said of a key that was deleted. */
    DeleteApiKeyResponse: DeleteApiKeyResponse;
    /** @description The body of every error but a 403. */
    ErrorResponse: ErrorResponse;
    /** @description The body of a 403. */
    ForbiddenResponse: ForbiddenResponse;
    /** @description What went wrong, and with what. */
    ErrorDetails: ErrorDetails;
  };
  responses: {
    /** @description A parameter or a field of the body is missing, malformed or out of range, or the project is archived. The messages are illustrative. */
    BadRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The credential is accepted and may not do this. Users report an `error` that is a text, and no object. */
    Forbidden: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ForbiddenResponse"];
      };
    };
    /** @description There is no such project in the organization, no such service account or no such key in the project. The code of the first is published; the message of the second is illustrative. */
    NotFound: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description No credential was sent, or it is not accepted. It is quoted with its middle masked. */
    Unauthorized: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description Too many requests. The request was refused before it had an effect, so any operation, creation included, may be sent again after a wait. The message is illustrative. */
    TooManyRequests: {
      headers: {
        /**
         * @description How many seconds to wait. Whether it is sent here is not documented.
         * @example 1
         */
        "Retry-After"?: string;
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The server failed. Whether the request had an effect is unknown: for a creation, look before sending it again. The message is illustrative. */
    InternalServerError: {
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
     * @description The id of the project whose keys these are.
     * @example proj_abc
     */
    ProjectId: string;
    /**
     * @description The id of the key, as the list and a creation give it. Never the plaintext.
     * @example key_abc
     */
    ApiKeyId: string;
  };
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listApiKeys: {
    parameters: {
      query?: {
        /**
         * @description The id of a key. The page begins behind it. Left out, at the first key.
         * @example key_abc
         */
        after?: string;
        /**
         * @description The most keys that a page has, from 1 to 100. Left out, 20.
         * @example 100
         */
        limit?: number;
        /**
         * @description Which keys are listed, by whether their owner can use the project at present: `active` those whose owner can, `inactive` those whose owner cannot, `any` all that are enabled. Left out, rules of membership apply, by which some that are enabled may be missing.
         * @example any
         */
        owner_project_access?: components["schemas"]["ProjectAccessFilter"];
      };
      header?: never;
      path: {
        /**
         * @description The id of the project whose keys these are.
         * @example proj_abc
         */
        project_id: components["parameters"]["ProjectId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page of keys. */
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
      404: components["responses"]["NotFound"];
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
         * @description The id of the project whose keys these are.
         * @example proj_abc
         */
        project_id: components["parameters"]["ProjectId"];
        /**
         * @description The id of the key, as the list and a creation give it. Never the plaintext.
         * @example key_abc
         */
        api_key_id: components["parameters"]["ApiKeyId"];
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
          "application/json": components["schemas"]["ApiKey"];
        };
      };
      400: components["responses"]["BadRequest"];
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
         * @description The id of the project whose keys these are.
         * @example proj_abc
         */
        project_id: components["parameters"]["ProjectId"];
        /**
         * @description The id of the key, as the list and a creation give it. Never the plaintext.
         * @example key_abc
         */
        api_key_id: components["parameters"]["ApiKeyId"];
      };
      cookie?: never;
    };
    /** @description What to change. At least one field. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["UpdateApiKeyRequest"];
      };
    };
    responses: {
      /** @description The key, as it is now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ApiKey"];
        };
      };
      400: components["responses"]["BadRequest"];
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
         * @description The id of the project whose keys these are.
         * @example proj_abc
         */
        project_id: components["parameters"]["ProjectId"];
        /**
         * @description The id of the key, as the list and a creation give it. Never the plaintext.
         * @example key_abc
         */
        api_key_id: components["parameters"]["ApiKeyId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The key was deleted. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeleteApiKeyResponse"];
        };
      };
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
    };
  };
  createServiceAccount: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The id of the project whose keys these are.
         * @example proj_abc
         */
        project_id: components["parameters"]["ProjectId"];
      };
      cookie?: never;
    };
    /** @description The service account to create. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateServiceAccountRequest"];
      };
    };
    responses: {
      /** @description The account was created, and its key. The plaintext is never returned again. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CreateServiceAccountResponse"];
        };
      };
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
    };
  };
  createApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The id of the project whose keys these are.
         * @example proj_abc
         */
        project_id: components["parameters"]["ProjectId"];
        /**
         * @description The id of the service account that the key is for.
         * @example svc_acct_abc
         */
        service_account_id: string;
      };
      cookie?: never;
    };
    /** @description The key to create. */
    requestBody?: {
      content: {
        "application/json": components["schemas"]["CreateApiKeyRequest"];
      };
    };
    responses: {
      /** @description The key was created. Its plaintext is never returned again. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CreatedApiKey"];
        };
      };
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
    };
  };
}

/** Whose keys are listed: `active`, of owners who can use the project; `inactive`, of those who cannot; `any`. */
export type ProjectAccessFilter = "active" | "inactive" | "any";

/** A key of a project, without its plaintext. What it may do is not told. */
export type ApiKey = {
  /**
   * @description What kind of object this is.
   * @constant
   */
  object: "organization.project.api_key";
  /**
   * @description The id of the key. What it looks like is not documented; the examples begin with `key_`.
   * @example key_abc
   */
  id: string;
  /** @description What people call the key. */
  name: string;
  /**
   * @description The beginning and the end of the plaintext, in the examples with `...` between them. No secret, and not promised to be unique.
   * @example sk-abc...def
   */
  redacted_value: string;
  /**
   * Format: unixtime
   * @description When the key was created, as a Unix time in seconds.
   * @example 1711471533
   */
  created_at: number;
  /**
   * Format: unixtime
   * @description When the key was last used, as a Unix time in seconds. Null for a key of which no use is recorded.
   * @example 1711471534
   */
  last_used_at: number | null;
  /**
   * Format: unixtime
   * @description When the key stops working, as a Unix time in seconds. Null for a key that does not expire; absent in answers from before September 2026.
   * @example 1714063533
   */
  expires_at?: number | null;
  /**
   * @description Whether the owner can use the project at present.
   * @example active
   * @enum {string}
   */
  owner_project_access: "active" | "inactive";
  /** @description Whose key it is. */
  owner: components["schemas"]["KeyOwner"];
};

/** The user or the service account that a key belongs to. */
export type KeyOwner = {
  /**
   * @description Whether it is a user or a service account.
   * @enum {string}
   */
  type?: "user" | "service_account";
  /** @description The user. Absent for a key of a service account. */
  user?: components["schemas"]["OwningUser"];
  /** @description The service account. Absent for a key of a user. */
  service_account?: components["schemas"]["OwningServiceAccount"];
};

/** A user whose key it is. */
export type OwningUser = {
  /** @description The id of the user. */
  id: string;
  /** @description The address of the user. */
  email: string;
  /** @description What the user is called. */
  name: string;
  /**
   * Format: unixtime
   * @description When the user was made, as a Unix time in seconds.
   */
  created_at: number;
  /** @description The user's role in the project. */
  role: string;
};

/** A service account whose key it is. */
export type OwningServiceAccount = {
  /**
   * @description The id of the service account.
   * @example svc_acct_abc
   */
  id: string;
  /** @description What the service account is called. */
  name: string;
  /**
   * Format: unixtime
   * @description When the service account was made, as a Unix time in seconds.
   */
  created_at: number;
  /** @description The service account's role in the project. */
  role: string;
};

/** One page of keys. */
export type ListApiKeysResponse = {
  /**
   * @description What kind of object this is.
   * @constant
   */
  object: "list";
  /** @description The keys of this page, in no documented order. */
  data: components["schemas"]["ApiKey"][];
  /** @description Whether another page follows. */
  has_more: boolean;
  /** @description The id of the first key of this page. Null or absent for a page without keys. */
  first_id?: string | null;
  /** @description The id of the last key of this page. Null or absent for a page without keys. */
  last_id?: string | null;
};

/**
 * What the key may do, by the names of the web console, such as `api.all.read` for reading alone or `api.files.read`.
 * Of an update it is documented that an empty list lifts all restrictions; the key then may do what its owner may.
 */
export type Scopes = string[];

/**
 * How long the key lives, counted from the request, in seconds, up to 365 days. The organization or the project may
 * allow less. Left out or null, the key does not expire.
 */
export type LifetimeSeconds = number | null;

/** What a new service account is made of. */
export type CreateServiceAccountRequest = {
  /** @description What people call the account. */
  name: string;
  /** @description `true` makes the account without a role and without a key. Left out or null, it has both. */
  create_service_account_only?: boolean | null;
  /** @description How long its key lives, in seconds. Left out or null, it does not expire. Not together with an account that has no key. */
  expires_in_seconds?: components["schemas"]["LifetimeSeconds"];
};

/** A new key and its plaintext. This is the only answer that holds the plaintext. */
export type CreatedApiKey = {
  /**
   * @description What kind of object this is.
   * @constant
   */
  object: "organization.project.service_account.api_key";
  /** @description The id of the key. */
  id: string;
  /** @description What people call the key. */
  name: string;
  /**
   * Format: unixtime
   * @description When the key was created, as a Unix time in seconds.
   */
  created_at: number;
  /**
   * Format: unixtime
   * @description When the key stops working, as a Unix time in seconds. Null for a key that does not expire; absent in answers from before September 2026.
   */
  expires_at?: number | null;
  /**
   * Format: password
   * @description The plaintext, with which models are used. The examples of the documents begin with `sk-`; whether those of service accounts begin with more than that is not documented.
   */
  value: string;
};

/** A new service account and its key. */
export type CreateServiceAccountResponse = {
  /**
   * @description What kind of object this is.
   * @constant
   */
  object: "organization.project.service_account";
  /** @description The id of the service account. */
  id: string;
  /** @description What the service account is called. */
  name: string;
  /**
   * @description The account's role, `member` in the project, or `none` for an account without a key.
   * @enum {string}
   */
  role: "member" | "none";
  /**
   * Format: unixtime
   * @description When the account was made, as a Unix time in seconds.
   */
  created_at: number;
  /** @description The key of the account, with its plaintext. Null where none was asked for. */
  api_key: {
    /**
     * @description What kind of object this is.
     * @constant
     */
    object: "organization.project.service_account.api_key";
    /** @description The id of the key. */
    id: string;
    /** @description What people call the key. */
    name: string;
    /**
     * Format: unixtime
     * @description When the key was created, as a Unix time in seconds.
     */
    created_at: number;
    /**
     * Format: unixtime
     * @description When the key stops working, as a Unix time in seconds. Null for a key that does not expire; absent in answers from before September 2026.
     */
    expires_at?: number | null;
    /**
     * Format: password
     * @description The plaintext, with which models are used. The examples of the documents begin with `sk-`; whether those of service accounts begin with more than that is not documented.
     */
    value: string;
  } | null;
};

/** What a new key is made of. No field is required. */
export type CreateApiKeyRequest = {
  /** @description What people call the key. It cannot be changed later. */
  name?: string;
  /** @description What the key may do. What it may do when this is left out is not documented. */
  scopes?: components["schemas"]["Scopes"];
  /** @description How long the key lives, in seconds. Left out or null, it does not expire. */
  expires_in_seconds?: components["schemas"]["LifetimeSeconds"];
};

/** What to change of a key. At least one field is needed. */
export type UpdateApiKeyRequest = {
  /** @description What the key may do from now on, instead of what it may do now. An empty list lifts all restrictions. */
  scopes?: components["schemas"]["Scopes"];
  /** @description How long the key lives from now on, in seconds. */
  expires_in_seconds?: number;
};

/** What is said of a key that was deleted. */
export type DeleteApiKeyResponse = {
  /**
   * @description What kind of object this is.
   * @constant
   */
  object: "organization.project.api_key.deleted";
  /** @description The id of the key. */
  id: string;
  /** @description Whether the key was deleted. `true` in the only example. */
  deleted: boolean;
};

/** The body of every error but a 403. */
export type ErrorResponse = {
  /** @description What went wrong. */
  error: components["schemas"]["ErrorDetails"];
};

/** The body of a 403. */
export type ForbiddenResponse = {
  /** @description What went wrong, as a text, or as an object like that of other errors. */
  error: unknown;
};

/** What went wrong, and with what. */
export type ErrorDetails = {
  /** @description What went wrong, for a person to read. */
  message: string;
  /** @description The kind of error, such as `invalid_request_error`. */
  type: string;
  /** @description The parameter or field that is wrong. Null where it is none of them. */
  param: string | null;
  /** @description The error as a word for programs, such as `invalid_api_key`. Null where there is none. */
  code: string | null;
};

/** A key as the server sends it, without the fields that hold plaintext. */
export type WireApiKey = components["schemas"]["ApiKey"];
