/**
 * Types of spec/openai.yaml.
 * Generated: change the spec and run `npm run generate`.
 */
export interface paths {
  "/organization/admin_api_keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List admin keys
     * @description Lists one page of the organization's admin keys, by creation. `after` takes the id of the last key of the page
     *     before; as long as `has_more` is true, another page follows.
     *
     *     The document promises no largest page. Whether expired keys stay in the list, and what an `after` does whose key
     *     has been deleted meanwhile, is not documented.
     */
    get: operations["listApiKeys"];
    put?: never;
    /**
     * Create an admin key
     * @description Creates an admin key of the organization. The plaintext is in this answer alone, as `value`: store it before
     *     anything else. Once lost, the key can only be deleted.
     *
     *     Not idempotent: sending the request again may create a second key. After a lost answer the first may exist all
     *     the same; look for it by `name` in the list (nothing says that names are unique) and delete it.
     *
     *     The expiry is given as a number of seconds from now, and cannot be changed later. Whose the new key is, is not
     *     documented.
     */
    post: operations["createApiKey"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/organization/admin_api_keys/{key_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an admin key
     * @description Shows one key, without its plaintext.
     */
    get: operations["getApiKey"];
    put?: never;
    post?: never;
    /**
     * Delete an admin key
     * @description Deletes the key for good; it may be the one that makes the request. How soon the plaintext stops being accepted
     *     is not documented, and neither is what a second deletion of the same id answers: 404 is to be expected.
     */
    delete: operations["deleteApiKey"];
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
     * @description Direction of a list by creation: `asc` is oldest first and the default, `desc` newest first.
     * @default asc
     * @enum {string}
     */
    SortOrder: SortOrder;
    /** @description An admin key, without its plaintext. It cannot be changed and not be switched off, only deleted. */
    ApiKey: ApiKey;
    /** @description The member of the organization that a key belongs to. The document says that it is always a user with the role owner; its example of a list has a service account with the role member. */
    KeyOwner: KeyOwner;
    /** @description One page of keys. */
    ListApiKeysResponse: ListApiKeysResponse;
    /** @description What a new key is made of. */
    CreateApiKeyRequest: CreateApiKeyRequest;
    /** @description A new key and its plaintext. This is the only answer that holds the plaintext. */
    CreateApiKeyResponse: CreateApiKeyResponse;
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
    /** @description A parameter or a field of the body is missing, malformed or out of range. The message is illustrative. */
    BadRequest: {
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
    /** @description The credential is accepted and may not do this. Users report an `error` that is a text, and no object. */
    Forbidden: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ForbiddenResponse"];
      };
    };
    /** @description There is no key of this id. The message is illustrative. */
    NotFound: {
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
     * @description The id of the key, as the list and a creation give it. Never the plaintext.
     * @example key_abc
     */
    KeyId: string;
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
         * @description The id of a key. The page begins behind it. Left out or null, at the first key.
         * @example key_abc
         */
        after?: string | null;
        /**
         * @description The order of creation. Left out, the oldest key comes first.
         * @example asc
         */
        order?: components["schemas"]["SortOrder"];
        /**
         * @description The most keys that a page has. Left out, 20. How many may be asked for is not documented.
         * @example 20
         */
        limit?: number;
      };
      header?: never;
      path?: never;
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
      500: components["responses"]["InternalServerError"];
    };
  };
  getApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The id of the key, as the list and a creation give it. Never the plaintext.
         * @example key_abc
         */
        key_id: components["parameters"]["KeyId"];
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
         * @description The id of the key, as the list and a creation give it. Never the plaintext.
         * @example key_abc
         */
        key_id: components["parameters"]["KeyId"];
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
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
    };
  };
}

/** Direction of a list by creation: `asc` is oldest first and the default, `desc` newest first. */
export type SortOrder = "asc" | "desc";

/** An admin key, without its plaintext. It cannot be changed and not be switched off, only deleted. */
export type ApiKey = {
  /**
   * @description What kind of object this is.
   * @constant
   */
  object: "organization.admin_api_key";
  /**
   * @description The id of the key. What it looks like is not documented; the examples begin with `key_`.
   * @example key_abc
   */
  id: string;
  /** @description What people call the key. Null or absent for a key that has no name. */
  name?: string | null;
  /**
   * @description The beginning and the end of the plaintext, in the examples with `...` between them. No secret, and not promised to be unique.
   * @example sk-admin...def
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
   * @description When the key stops working, as a Unix time in seconds. Null, or absent, for a key that does not expire.
   * @example 1714063533
   */
  expires_at?: number | null;
  /**
   * Format: unixtime
   * @description When the key was last used, as a Unix time in seconds. Null or absent for a key of which no use is recorded.
   * @example 1711471534
   */
  last_used_at?: number | null;
  /** @description Whose key it is. */
  owner: components["schemas"]["KeyOwner"];
};

/**
 * The member of the organization that a key belongs to. The document says that it is always a user with the role
 * owner; its example of a list has a service account with the role member.
 */
export type KeyOwner = {
  /** @description Whether it is a `user` or a `service_account`. */
  type?: string;
  /** @description What kind of object this is, such as `organization.user`. */
  object?: string;
  /** @description The id of the owner. */
  id?: string;
  /** @description What the owner is called. */
  name?: string;
  /**
   * Format: unixtime
   * @description When the owner was made, as a Unix time in seconds.
   */
  created_at?: number;
  /** @description The owner's role in the organization, such as `owner`. */
  role?: string;
};

/** One page of keys. */
export type ListApiKeysResponse = {
  /**
   * @description What kind of object this is.
   * @constant
   */
  object: "list";
  /** @description The keys of this page, by creation. */
  data: components["schemas"]["ApiKey"][];
  /** @description Whether another page follows. */
  has_more: boolean;
  /** @description The id of the first key of this page. Null or absent for a page without keys. */
  first_id?: string | null;
  /** @description The id of the last key of this page. Null or absent for a page without keys. */
  last_id?: string | null;
};

/** What a new key is made of. */
export type CreateApiKeyRequest = {
  /** @description What people call the key. It cannot be changed later. */
  name: string;
  /**
   * @description How long the key lives, in seconds, up to 365 days. Left out, it does not expire.
   * @example 2592000
   */
  expires_in_seconds?: number;
};

/** A new key and its plaintext. This is the only answer that holds the plaintext. */
export type CreateApiKeyResponse = {
  /**
   * @description What kind of object this is.
   * @constant
   */
  object: "organization.admin_api_key";
  /**
   * @description The id of the key. What it looks like is not documented; the examples begin with `key_`.
   * @example key_abc
   */
  id: string;
  /** @description What people call the key. Null or absent for a key that has no name. */
  name?: string | null;
  /**
   * @description The beginning and the end of the plaintext, in the examples with `...` between them. No secret, and not promised to be unique.
   * @example sk-admin...def
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
   * @description When the key stops working, as a Unix time in seconds. Null, or absent, for a key that does not expire.
   * @example 1714063533
   */
  expires_at?: number | null;
  /**
   * Format: unixtime
   * @description When the key was last used, as a Unix time in seconds. Null or absent for a key of which no use is recorded.
   * @example 1711471534
   */
  last_used_at?: number | null;
  /** @description Whose key it is. */
  owner: components["schemas"]["KeyOwner"];
  /**
   * Format: password
   * @description The plaintext, to be sent as bearer credential. It begins with `sk-admin-` in the document's example, and in every redacted value.
   */
  value: string;
};

/** What is said of a key that was deleted. */
export type DeleteApiKeyResponse = {
  /** @description The id of the key. */
  id: string;
  /**
   * @description What kind of object this is.
   * @constant
   */
  object: "organization.admin_api_key.deleted";
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
