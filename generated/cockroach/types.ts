/**
 * Types of spec/cockroach.yaml.
 * Generated: change the spec and run `npm run generate`.
 */
export interface paths {
  "/api/v1/api-keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List API keys
     * @description Returns the metadata of the organization's keys, never their secrets, ordered by `created_at`, oldest first
     *     unless `pagination.sort_order` says otherwise.
     *
     *     The default and the maximum page size are documented nowhere (other resources of this API have 100 and 500), so
     *     follow the cursor rather than count keys. The last page is the one whose `pagination.next_page` is absent, null
     *     or empty. For a consistent walk, send the same `pagination.as_of_time` with every page.
     *
     *     Roles (organization scope): `ORG_ADMIN`, `CLUSTER_ADMIN` or `AUDITOR`.
     */
    get: operations["listApiKeys"];
    put?: never;
    /**
     * Create an API key
     * @description Creates a key for a service account and returns its secret, this once: no operation returns it again and it
     *     cannot be recovered. Store it before doing anything else. The answer is 200, not 201.
     *
     *     Not idempotent. When the answer is lost the key may exist, and a second request creates a second key. Do not
     *     send the request again: list the service account's keys, look for one of that name created since, and delete it.
     *
     *     Whether two keys may share a name is not documented.
     *
     *     Roles (organization scope): `ORG_ADMIN`.
     */
    post: operations["createApiKey"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/api-keys/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get an API key
     * @description Returns the metadata of one key. The secret is not part of it.
     *
     *     Roles (organization scope): `ORG_ADMIN`, `CLUSTER_ADMIN` or `AUDITOR`.
     */
    get: operations["getApiKey"];
    put?: never;
    post?: never;
    /**
     * Delete an API key
     * @description Deletes the key. Success is 200 with the deleted key's metadata as body, not 204. What a second delete of the
     *     same id answers is not documented; 404 is to be expected. Nor is it documented how soon the secret stops being
     *     accepted.
     *
     *     Roles (organization scope): `ORG_ADMIN`.
     */
    delete: operations["deleteApiKey"];
    options?: never;
    head?: never;
    /**
     * Rename an API key
     * @description Sets the key's name, the only thing about a key that can be changed, and returns the key's metadata.
     *
     *     The body `{}` is valid against the schema; what the server does with it is unknown. Send a name.
     *
     *     Roles (organization scope): `ORG_ADMIN`.
     */
    patch: operations["updateApiKey"];
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /**
     * @description Direction of a list ordered by `created_at`: `ASC` is oldest first and the default, `DESC` newest first.
     * @default ASC
     * @enum {string}
     */
    SortOrder: SortOrder;
    /** @description One page of keys. */
    ListApiKeysResponse: ListApiKeysResponse;
    /** @description Metadata of a key, without its secret. A key has no expiry, no last-used time and no limits: none exist, and neither does a way to disable a key other than deleting it. */
    ApiKey: ApiKey;
    /** @description Cursors of a list that is paged by key set. There are no page numbers and no totals. */
    KeysetPaginationResponse: KeysetPaginationResponse;
    /** @description An error in the form of gRPC's `google.rpc.Status`. Every field may be missing, and the whole body may be empty or not JSON. */
    Status: Status;
    /** @description A `Status` whose code says that something is not there. An answer of the status 404 without this code may be that of a gateway, which knows of no key whether there is one. */
    NotFoundStatus: NotFoundStatus;
    /** @description A message of any type, as `google.protobuf.Any` has it in JSON: `@type` names the type, and its fields stand beside that. Which types the provider sends is not documented. */
    StatusDetail: StatusDetail;
    /** @description What a new key is made of. */
    CreateApiKeyRequest: CreateApiKeyRequest;
    /** @description A new key and its secret. This is the only response that holds the secret. */
    CreateApiKeyResponse: CreateApiKeyResponse;
    /** @description What to change. The empty object is valid against the schema; what the server does with it is unknown. */
    UpdateApiKeySpecification: UpdateApiKeySpecification;
  };
  responses: {
    /** @description The request is invalid: a header, a parameter or the body. The gRPC code 3 (`INVALID_ARGUMENT`) is inferred. */
    BadRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["Status"];
      };
    };
    /** @description The credential is missing or not accepted. The gRPC code is 16 (`UNAUTHENTICATED`), as seen. */
    Unauthorized: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["Status"];
      };
    };
    /** @description The credential is accepted but lacks a role that the operation needs. The gRPC code 7 (`PERMISSION_DENIED`) is inferred; the message in the example is illustrative. */
    Forbidden: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["Status"];
      };
    };
    /** @description There is no such resource; for the operations on one key, no key with this id. Upstream declares it for the collection too, without saying when it occurs there. The gRPC code 5 (`NOT_FOUND`) is inferred; the message in the example is illustrative. */
    NotFound: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["NotFoundStatus"];
      };
    };
    /** @description More than 10 requests within a second by one user. The status of a rate-limited answer may be inconsistent, so honour `Retry-After` on any status that is retried. The gRPC code 8 (`RESOURCE_EXHAUSTED`) is inferred. */
    TooManyRequests: {
      headers: {
        /**
         * @description How long to wait before the next request. HTTP allows whole seconds or a date; which of them the provider sends is not documented.
         * @example 1
         */
        "Retry-After"?: string;
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["Status"];
      };
    };
    /** @description The server failed. After `createApiKey` the key may exist all the same. The gRPC code 13 (`INTERNAL`) is inferred; the message in the example is illustrative. */
    InternalServerError: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["Status"];
      };
    };
    /** @description Any other status. A rate-limited answer may be among them, then with `Retry-After`. The examples are illustrative. */
    Default: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["Status"];
      };
    };
  };
  parameters: {
    /**
     * @description Version of the API. Strongly recommended by the provider, though not required: without it, the latest version answers. Pinned here, so that a new version changes nothing unasked. An invalid value gives 400 `invalid Cc-Version.`
     * @example 2024-09-16
     */
    CcVersion: string;
    /**
     * @description The name by which the organization logs in. Required with a JWT, and used only with one.
     * @example example-org
     */
    CcVanityName: string;
    /**
     * @description The identity to act as, needed when a JWT maps to several. Used only with a JWT.
     * @example example-user
     */
    CcUsername: string;
    /**
     * @description Id of the key, as `createApiKey` and `listApiKeys` give it; not a UUID, and not the secret. Never send an empty id, which requests the collection, nor `.` or `..`, which percent-encoding leaves alone and URL parsing removes.
     * @example CCDB1_12345abcdefGHIJKLMnopq
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
         * @description Return only the keys of this service account. Left out, the keys of all service accounts are listed.
         * @example 1234abcd-1234-1234-abcd-12345678abcd
         */
        service_account_id?: string;
        /**
         * @description Cursor of the page to return: `pagination.next_page` or `pagination.previous_page` of an earlier response, unchanged. Left out, the first page is returned.
         * @example opaque
         */
        "pagination.page"?: string;
        /**
         * @description Number of keys per page. The default and the maximum are documented nowhere, nor is what 0 means: it may be taken for absent.
         * @example 100
         */
        "pagination.limit"?: number;
        /**
         * @description List the keys as of this time (RFC 3339). Send the same value with every page of a walk, so that keys created or deleted meanwhile do not shift the pages. The default, and how far back the time may lie, are not documented.
         * @example 2022-03-22T20:23:11.285067Z
         */
        "pagination.as_of_time"?: string;
        /**
         * @description Direction of the order by `created_at`. The default is `ASC`, oldest first.
         * @example DESC
         */
        "pagination.sort_order"?: components["schemas"]["SortOrder"];
      };
      header?: {
        /**
         * @description Version of the API. Strongly recommended by the provider, though not required: without it, the latest version answers. Pinned here, so that a new version changes nothing unasked. An invalid value gives 400 `invalid Cc-Version.`
         * @example 2024-09-16
         */
        "Cc-Version"?: components["parameters"]["CcVersion"];
        /**
         * @description The name by which the organization logs in. Required with a JWT, and used only with one.
         * @example example-org
         */
        "Cc-Vanity-Name"?: components["parameters"]["CcVanityName"];
        /**
         * @description The identity to act as, needed when a JWT maps to several. Used only with a JWT.
         * @example example-user
         */
        "Cc-Username"?: components["parameters"]["CcUsername"];
      };
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
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalServerError"];
      default: components["responses"]["Default"];
    };
  };
  createApiKey: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Version of the API. Strongly recommended by the provider, though not required: without it, the latest version answers. Pinned here, so that a new version changes nothing unasked. An invalid value gives 400 `invalid Cc-Version.`
         * @example 2024-09-16
         */
        "Cc-Version"?: components["parameters"]["CcVersion"];
        /**
         * @description The name by which the organization logs in. Required with a JWT, and used only with one.
         * @example example-org
         */
        "Cc-Vanity-Name"?: components["parameters"]["CcVanityName"];
        /**
         * @description The identity to act as, needed when a JWT maps to several. Used only with a JWT.
         * @example example-user
         */
        "Cc-Username"?: components["parameters"]["CcUsername"];
      };
      path?: never;
      cookie?: never;
    };
    /** @description The key's name and the service account that it is for. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateApiKeyRequest"];
      };
    };
    responses: {
      /** @description The new key and its secret. */
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
      500: components["responses"]["InternalServerError"];
      default: components["responses"]["Default"];
    };
  };
  getApiKey: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Version of the API. Strongly recommended by the provider, though not required: without it, the latest version answers. Pinned here, so that a new version changes nothing unasked. An invalid value gives 400 `invalid Cc-Version.`
         * @example 2024-09-16
         */
        "Cc-Version"?: components["parameters"]["CcVersion"];
        /**
         * @description The name by which the organization logs in. Required with a JWT, and used only with one.
         * @example example-org
         */
        "Cc-Vanity-Name"?: components["parameters"]["CcVanityName"];
        /**
         * @description The identity to act as, needed when a JWT maps to several. Used only with a JWT.
         * @example example-user
         */
        "Cc-Username"?: components["parameters"]["CcUsername"];
      };
      path: {
        /**
         * @description Id of the key, as `createApiKey` and `listApiKeys` give it; not a UUID, and not the secret. Never send an empty id, which requests the collection, nor `.` or `..`, which percent-encoding leaves alone and URL parsing removes.
         * @example CCDB1_12345abcdefGHIJKLMnopq
         */
        id: components["parameters"]["ApiKeyId"];
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
      default: components["responses"]["Default"];
    };
  };
  deleteApiKey: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Version of the API. Strongly recommended by the provider, though not required: without it, the latest version answers. Pinned here, so that a new version changes nothing unasked. An invalid value gives 400 `invalid Cc-Version.`
         * @example 2024-09-16
         */
        "Cc-Version"?: components["parameters"]["CcVersion"];
        /**
         * @description The name by which the organization logs in. Required with a JWT, and used only with one.
         * @example example-org
         */
        "Cc-Vanity-Name"?: components["parameters"]["CcVanityName"];
        /**
         * @description The identity to act as, needed when a JWT maps to several. Used only with a JWT.
         * @example example-user
         */
        "Cc-Username"?: components["parameters"]["CcUsername"];
      };
      path: {
        /**
         * @description Id of the key, as `createApiKey` and `listApiKeys` give it; not a UUID, and not the secret. Never send an empty id, which requests the collection, nor `.` or `..`, which percent-encoding leaves alone and URL parsing removes.
         * @example CCDB1_12345abcdefGHIJKLMnopq
         */
        id: components["parameters"]["ApiKeyId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The key that was deleted. */
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
      default: components["responses"]["Default"];
    };
  };
  updateApiKey: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Version of the API. Strongly recommended by the provider, though not required: without it, the latest version answers. Pinned here, so that a new version changes nothing unasked. An invalid value gives 400 `invalid Cc-Version.`
         * @example 2024-09-16
         */
        "Cc-Version"?: components["parameters"]["CcVersion"];
        /**
         * @description The name by which the organization logs in. Required with a JWT, and used only with one.
         * @example example-org
         */
        "Cc-Vanity-Name"?: components["parameters"]["CcVanityName"];
        /**
         * @description The identity to act as, needed when a JWT maps to several. Used only with a JWT.
         * @example example-user
         */
        "Cc-Username"?: components["parameters"]["CcUsername"];
      };
      path: {
        /**
         * @description Id of the key, as `createApiKey` and `listApiKeys` give it; not a UUID, and not the secret. Never send an empty id, which requests the collection, nor `.` or `..`, which percent-encoding leaves alone and URL parsing removes.
         * @example CCDB1_12345abcdefGHIJKLMnopq
         */
        id: components["parameters"]["ApiKeyId"];
      };
      cookie?: never;
    };
    /** @description The new name. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["UpdateApiKeySpecification"];
      };
    };
    responses: {
      /** @description The key after the update. */
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
      default: components["responses"]["Default"];
    };
  };
}

/** Direction of a list ordered by `created_at`: `ASC` is oldest first and the default, `DESC` newest first. */
export type SortOrder = "ASC" | "DESC";

/** One page of keys. */
export type ListApiKeysResponse = {
  /** @description The keys of this page, ordered by `created_at`. Empty when there are none. */
  api_keys: components["schemas"]["ApiKey"][];
  /** @description The cursors to the neighbouring pages. When it is absent, no page follows. */
  pagination?: components["schemas"]["KeysetPaginationResponse"];
};

/**
 * Metadata of a key, without its secret. A key has no expiry, no last-used time and no limits: none exist, and neither
 * does a way to disable a key other than deleting it.
 */
export type ApiKey = {
  /**
   * @description Id of the key, an opaque string and not a UUID. By convention it is the first two segments of the secret, `CCDB1_<22 characters>`; the provider does not promise it.
   * @example CCDB1_12345abcdefGHIJKLMnopq
   */
  id: string;
  /** @description Name of the key, as given at creation or by the last update. */
  name: string;
  /**
   * Format: uuid
   * @description UUID of the service account that the key belongs to. It cannot be changed.
   */
  service_account_id: string;
  /**
   * Format: date-time
   * @description When the key was created (RFC 3339), with microseconds. Keep the string: a JavaScript `Date` holds milliseconds and would lose the last three digits.
   * @example 2022-03-22T20:23:11.285067Z
   */
  created_at: string;
};

/** Cursors of a list that is paged by key set. There are no page numbers and no totals. */
export type KeysetPaginationResponse = {
  /** @description Opaque cursor of the next page, to be sent as `pagination.page`. Absent, null or empty on the last page. */
  next_page?: string | null;
  /** @description Opaque cursor of the previous page, to be sent as `pagination.page`. Absent, null or empty on the first page. */
  previous_page?: string | null;
};

/**
 * An error in the form of gRPC's `google.rpc.Status`. Every field may be missing, and the whole body may be empty or
 * not JSON.
 */
export type Status = {
  /**
   * Format: int32
   * @description gRPC status code, not the HTTP status. Inferred mapping: 400→3, 401→16, 403→7, 404→5, 429→8, 500→13.
   */
  code?: number;
  /** @description What went wrong, for a person to read. */
  message?: string;
  /** @description Further information, each of a type of its own. Empty in the one body that has been seen. */
  details?: components["schemas"]["StatusDetail"][];
};

/**
 * A `Status` whose code says that something is not there. An answer of the status 404 without this code may be that of
 * a gateway, which knows of no key whether there is one.
 */
export type NotFoundStatus = {
  /**
   * @description The gRPC status code `NOT_FOUND`, inferred from gRPC's usual mapping.
   * @constant
   */
  code: 5;
  /** @description What is not there, for a person to read. */
  message?: string;
  /** @description Further information, as in `Status`. */
  details?: components["schemas"]["StatusDetail"][];
};

/**
 * A message of any type, as `google.protobuf.Any` has it in JSON: `@type` names the type, and its fields stand beside
 * that. Which types the provider sends is not documented.
 */
export type StatusDetail = {
  /** @description What the other fields are, as a URL whose last segment is the name of the type. */
  "@type"?: string;
} & {
  [key: string]: unknown;
};

/** What a new key is made of. */
export type CreateApiKeyRequest = {
  /** @description Name of the key. It can be changed later. */
  name: string;
  /**
   * Format: uuid
   * @description UUID of the service account that the key is for. It cannot be changed later.
   * @example 1234abcd-1234-1234-abcd-12345678abcd
   */
  service_account_id: string;
};

/** A new key and its secret. This is the only response that holds the secret. */
export type CreateApiKeyResponse = {
  /** @description Metadata of the new key. */
  api_key: components["schemas"]["ApiKey"];
  /**
   * Format: password
   * @description The plaintext key, to be sent as bearer credential. Its shape is `CCDB1_<22 characters>_<40 characters>`. It is never returned again and cannot be recovered.
   * @example CCDB1_12345abcdefGHIJKLMnopq_ThisIsAnExampleSecretAndItOpensNothing00
   */
  secret: string;
};

/** What to change. The empty object is valid against the schema; what the server does with it is unknown. */
export type UpdateApiKeySpecification = {
  /** @description New name of the key. What the server does when it is left out is unknown. */
  name?: string;
};

/** A key as the server sends it, without the fields that hold plaintext. */
export type WireApiKey = components["schemas"]["ApiKey"];
