/**
 * Types of spec/estuary.yaml.
 * Generated: change the spec and run `npm run generate`.
 */
export interface paths {
  "/user/api-keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the user's API keys
     * @description Returns all keys of the user in one response, in no promised order. Expired keys and login sessions (`isSession: true`) are included; revoked keys are not. From v0.2.0 the server stores no plaintext, and a key made since then is listed with an empty `token`: one that was not kept at creation cannot be recovered. Keys made before v0.1.11 are listed with their plaintext `token` and an empty `tokenHash`, so treat every list as if it held secrets.
     */
    get: operations["listApiKeys"];
    put?: never;
    /**
     * Create an API key
     * @description Creates a key for the user and returns it with its plaintext `token`. From v0.2.0 this response is the only place where the token appears. All input is in the query string; there is no request body. Labels are not unique and there is no idempotency key, so sending the request again creates a second key. Success is 200, not 201. The response does not repeat the permission that was granted.
     */
    post: operations["createApiKey"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/user/api-keys/{key_or_hash}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revoke an API key
     * @description Revokes the key for good: it cannot be restored, although the server keeps a soft-deleted row.
     *
     *     The answer is 200 whether or not a key was there. An unknown key, a key of another user and a key that was
     *     revoked before all get the same empty 200, and nothing happens. To know that a key is gone, compare the lists
     *     before and after.
     *
     *     The server caches authentication, so a revoked key can keep working for up to about 10 seconds.
     */
    delete: operations["deleteApiKey"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/user/export": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Export the user's content and deal records
     * @description Returns the records of everything that the user stored and of the Filecoin deals made for it, in one JSON object without paging: the response grows with the account. It holds records, not the stored content itself, and no API keys.
     */
    get: operations["exportUserData"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/user/stats": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the user's usage figures
     * @description Returns how much the user has stored, and in how many pins. The figures cover the whole account.
     */
    get: operations["getUserStats"];
    put?: never;
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
    /** @description An API key or a login session. It is identified by `tokenHash` where that is not empty, and by `token` otherwise. Servers up to v0.1.10 send only `token` and `expiry`. */
    ApiKey: ApiKey;
    /**
     * @description What a key may do: `all` for everything that the user may, `upload` for uploading only. A key with `upload` is refused with 403 on every operation of this document.
     * @default all
     * @enum {string}
     */
    ApiKeyPermissions: ApiKeyPermissions;
    /** @description The body of every error. Servers before v0.1.1 sent another shape, `{"error": "…", "details": "…"}`, in which `error` is a text: the reason, such as `ERR_INVALID_TOKEN`, with `details` beside it that may be missing; the raw text of the error on 500; and otherwise the message of the server's framework, such as `Not Found`. It is not modelled here, but a reader must accept it without failing. */
    ErrorResponse: ErrorResponse;
    /** @description What went wrong, for programs (`code`, `reason`) and for people (`details`). */
    ErrorDetail: ErrorDetail;
    /** @description The records of a user's content and deals. */
    UserExport: UserExport;
    /** @description The records themselves. */
    UserExportData: UserExportData;
    /** @description A stored content, as a database record. The fields vary with the server's version and more exist than are named here; none is promised. A time that was never set is `0001-01-01T00:00:00Z`, not null. */
    ExportedContent: ExportedContent;
    /** @description A Filecoin deal, as a database record. Three naming styles are mixed in it, as the server sends them. The fields vary with the server's version and more exist than are named here; none is promised. A time that was never set is `0001-01-01T00:00:00Z`, not null. */
    ExportedDeal: ExportedDeal;
    /** @description How much a user has stored. Both figures are 64-bit integers: beyond 2^53 a JavaScript number loses digits. */
    UserStats: UserStats;
  };
  responses: {
    /**
     * @description The credential was not accepted; `reason` says why.
     *
     *     - `ERR_AUTH_MISSING`: there is no Authorization header, or its value is the text `undefined`.
     *     - `ERR_AUTH_MISSING_BEARER`: the header does not start with exactly `Bearer`.
     *     - `ERR_INVALID_AUTH`: the header does not consist of exactly two parts.
     *     - `ERR_INVALID_TOKEN`: no such key exists, or no such user any more. A revoked key belongs here.
     *     - `ERR_TOKEN_EXPIRED`: the key exists and has expired.
     */
    Unauthorized: {
      headers: {
        "X-AppVersion": components["headers"]["AppVersion"];
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The key is valid, but it has only the permission `upload`, which none of these operations accepts, or its user has no more than that. */
    Forbidden: {
      headers: {
        "X-AppVersion": components["headers"]["AppVersion"];
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description More requests came from the client's IP address than the server allows: by default 200 per second with a burst of 200. There is no `Retry-After` header, so the client chooses its own backoff. */
    TooManyRequests: {
      headers: {
        "X-AppVersion": components["headers"]["AppVersion"];
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The server failed, most likely at its database. `details` holds the raw error text and may name internals. */
    InternalServerError: {
      headers: {
        "X-AppVersion": components["headers"]["AppVersion"];
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: {
    /**
     * @description The server's own version. Use it for diagnosis, not for decisions; operators can run builds of their own.
     * @example v0.4.3
     */
    AppVersion: string;
  };
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listApiKeys: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All keys of the user; an empty array if there are none. */
      200: {
        headers: {
          "X-AppVersion": components["headers"]["AppVersion"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ApiKey"][];
        };
      };
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
    };
  };
  createApiKey: {
    parameters: {
      query?: {
        /**
         * @description How long the key is valid, counted from its creation. Absent or empty means 30 days.
         *
         *     - A Go duration: decimal numbers, each followed by a unit, as in `720h`, `1h30m` or `1.5h`, with an optional
         *       sign in front. The units are `ns`, `us` (or `µs`), `ms`, `s`, `m` and `h`. There is no unit for days: 30
         *       days are `720h`.
         *     - The literal `false`: 100 years. No key lives for ever.
         *
         *     A malformed value, `30d` for one, is answered with 500 and no key is created. Zero (`0`) and negative
         *     durations (`-1h`) are accepted: the server answers 200 with a key that has already expired.
         *
         *     `+` and `µ` must be percent-encoded, as `%2B` and `%C2%B5`. A bare `+` in a query string means a space,
         *     which makes the duration malformed.
         * @example 720h
         */
        expiry?: string;
        /**
         * @description What the key may do. Absent or empty means `all`. Any value other than `all` and `upload` is answered with 500 and no key is created. The permission cannot be read back later.
         * @example all
         */
        perms?: components["schemas"]["ApiKeyPermissions"];
        /**
         * @description A name for the key: free text, not unique, empty if absent. The provider does not document it. Servers up to v0.1.10 do not return labels.
         * @example ci
         */
        label?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The new key with its plaintext token. Store the token now. */
      200: {
        headers: {
          "X-AppVersion": components["headers"]["AppVersion"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ApiKey"];
        };
      };
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
      /** @description A parameter was malformed, or the database failed. `details` holds the raw error text, the only thing that tells the two apart. After a malformed parameter no key exists. Otherwise the outcome is unknown: list the keys before creating another. */
      500: {
        headers: {
          "X-AppVersion": components["headers"]["AppVersion"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ErrorResponse"];
        };
      };
    };
  };
  deleteApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The key to revoke: its `tokenHash`, or its plaintext token.
         *
         *     Send the hash. A path ends up in access logs, proxies and traces, where a plaintext token that is not yet
         *     revoked, or still in the server's authentication cache of about 10 seconds, can be used by whoever reads it.
         *     The hash cannot be used to authenticate, and can be computed from the token: SHA-256, base64url, without
         *     padding.
         *
         *     The plaintext is needed in two cases. Servers before v0.1.11 know nothing else, and a key made before
         *     v0.1.11, listed with `tokenHash: ""`, has no stored hash on later servers either. From v0.2.0 the server
         *     also hashes the value that it is given, so that a token works for keys of which it stores only the hash.
         *
         *     A 200 does not prove that the value named a key: a mistyped hash is answered like a revoked key.
         * @example ZDIsSLVYH1PycIf3firIWldbCp1KTamYNlbd0UI-noA
         */
        key_or_hash: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description If the user had such a key, it is revoked, save for the cache of about 10 seconds. Whether there was one is not told. The body is empty and there is no Content-Type. */
      200: {
        headers: {
          "X-AppVersion": components["headers"]["AppVersion"];
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      /** @description The path ended after `/user/api-keys/`, whose slash is removed: `DELETE /user/api-keys` is not there. A key that does not exist is answered with 200, never with 404. */
      404: {
        headers: {
          "X-AppVersion": components["headers"]["AppVersion"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ErrorResponse"];
        };
      };
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
    };
  };
  exportUserData: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The export. */
      200: {
        headers: {
          "X-AppVersion": components["headers"]["AppVersion"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["UserExport"];
        };
      };
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
    };
  };
  getUserStats: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The figures. */
      200: {
        headers: {
          "X-AppVersion": components["headers"]["AppVersion"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["UserStats"];
        };
      };
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
    };
  };
}

/**
 * An API key or a login session. It is identified by `tokenHash` where that is not empty, and by `token` otherwise.
 * Servers up to v0.1.10 send only `token` and `expiry`.
 */
export type ApiKey = {
  /**
   * Format: password
   * @description The plaintext token, `EST<uuid>ARY`, in the response to a creation. In a list it is an empty string for keys made from v0.2.0 on; an older key can be listed with its plaintext, and one made before v0.1.11 always is.
   * @example EST6d2b3c1e-8f4a-4c57-9a0e-1b2c3d4e5f60ARY
   */
  token: string;
  /**
   * @description SHA-256 of the token in base64url without padding, 43 characters; an empty string for keys made before v0.1.11. Absent on servers up to v0.1.10. Not a secret: it names a key but does not authenticate.
   * @example ZDIsSLVYH1PycIf3firIWldbCp1KTamYNlbd0UI-noA
   */
  tokenHash?: string;
  /** @description The label given at creation, or an empty string. Not unique. Absent on servers up to v0.1.10. */
  label?: string;
  /**
   * Format: date-time
   * @description When the key stops working, or stopped: RFC 3339 with up to 9 fractional digits and a zone offset. Always set; a key created to last as long as possible expires after 100 years. A list can show fewer fractional digits than the response to the creation of the same key, so do not compare the two for equality.
   * @example 2023-06-10T08:30:15.123456789Z
   */
  expiry: string;
  /** @description Whether this is a login session and not a key that was made as such. Absent on servers before v0.4.0. */
  isSession?: boolean;
};

/**
 * What a key may do: `all` for everything that the user may, `upload` for uploading only. A key with `upload` is
 * refused with 403 on every operation of this document.
 */
export type ApiKeyPermissions = "all" | "upload";

/**
 * The body of every error. Servers before v0.1.1 sent another shape, `{"error": "…", "details": "…"}`, in which
 * `error` is a text: the reason, such as `ERR_INVALID_TOKEN`, with `details` beside it that may be missing; the raw
 * text of the error on 500; and otherwise the message of the server's framework, such as `Not Found`. It is not
 * modelled here, but a reader must accept it without failing.
 */
export type ErrorResponse = {
  /** @description What went wrong. */
  error: components["schemas"]["ErrorDetail"];
};

/** What went wrong, for programs (`code`, `reason`) and for people (`details`). */
export type ErrorDetail = {
  /** @description The HTTP status of the response, repeated. */
  code: number;
  /** @description On 401 and 403 a constant that begins with `ERR_`. On 404, 429 and 500 the standard text of the status, such as `Too Many Requests`. */
  reason: string;
  /** @description An explanation, which may be an empty string. On 500 the raw text of the error. Its wording is not promised. */
  details: string;
};

/** The records of a user's content and deals. */
export type UserExport = {
  /** @description The version of the export format. `v0.0.1` is the only one known. */
  Version: string;
  /**
   * Format: date-time
   * @description When the export was made.
   */
  Date: string;
  /** @description The records, in the format that `v0.0.1` stands for. */
  Version1: components["schemas"]["UserExportData"];
};

/** The records themselves. */
export type UserExportData = {
  /** @description What the user stored; empty if there is nothing. */
  Contents: components["schemas"]["ExportedContent"][];
  /** @description The Filecoin deals for that content; empty if there are none. */
  Deals: components["schemas"]["ExportedDeal"][];
};

/**
 * A stored content, as a database record. The fields vary with the server's version and more exist than are named
 * here; none is promised. A time that was never set is `0001-01-01T00:00:00Z`, not null.
 */
export type ExportedContent = {
  /**
   * Format: int64
   * @description The number of the content on this server.
   */
  id?: number;
  /** @description The content identifier (CID). */
  cid?: string;
  /** @description The name of the content. */
  name?: string;
  /**
   * Format: int64
   * @description The number of the user who owns it.
   */
  userId?: number;
  /** @description A description; may be empty. */
  description?: string;
  /**
   * Format: int64
   * @description The size in bytes.
   */
  size?: number;
  /**
   * Format: int64
   * @description The kind of content, as a number of the server's own.
   */
  type?: number;
  /** @description Whether the server counts the content as active. */
  active?: boolean;
  /** @description Whether the content was offloaded. */
  offloaded?: boolean;
  /** @description The replication factor of the content. */
  replication?: number;
  /**
   * Format: date-time
   * @description When the record was created.
   */
  createdAt?: string;
} & {
  [key: string]: unknown;
};

/**
 * A Filecoin deal, as a database record. Three naming styles are mixed in it, as the server sends them. The fields
 * vary with the server's version and more exist than are named here; none is promised. A time that was never set is
 * `0001-01-01T00:00:00Z`, not null.
 */
export type ExportedDeal = {
  /**
   * Format: int64
   * @description The number of the deal record on this server.
   */
  ID?: number;
  /**
   * Format: date-time
   * @description When the record was created.
   */
  CreatedAt?: string;
  /**
   * Format: date-time
   * @description When the record was last changed.
   */
  UpdatedAt?: string;
  /**
   * Format: date-time
   * @description When the record was deleted. Null if it was not.
   */
  DeletedAt?: string | null;
  /**
   * Format: int64
   * @description The `id` of the content that the deal is for.
   */
  content?: number;
  /**
   * Format: int64
   * @description The number of the user who owns the content.
   */
  user_id?: number;
  /** @description The CID of the deal proposal. */
  propCid?: string;
  /** @description The UUID of the deal; may be empty. */
  dealUuid?: string;
  /** @description The address of the storage provider. */
  miner?: string;
  /**
   * Format: int64
   * @description The number of the deal on the Filecoin chain.
   */
  dealId?: number;
  /** @description The protocol by which the deal was proposed. */
  deal_protocol_version?: string;
  /** @description The software version of the storage provider; may be empty. */
  miner_version?: string;
} & {
  [key: string]: unknown;
};

/** How much a user has stored. Both figures are 64-bit integers: beyond 2^53 a JavaScript number loses digits. */
export type UserStats = {
  /**
   * Format: int64
   * @description The size of the user's stored content in bytes.
   */
  totalSize: number;
  /**
   * Format: int64
   * @description The number of the user's pins.
   */
  numPins: number;
};

/** A key as the server sends it, without the fields that hold plaintext. */
export type WireApiKey = Omit<components["schemas"]["ApiKey"], "token">;
