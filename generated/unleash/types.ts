/**
 * Types of spec/unleash.yaml.
 * Generated: change the spec and run `npm run generate`.
 */
export interface paths {
  "/api/admin/api-tokens": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the API tokens
     * @description Returns all tokens that the credential may read in one response, in no promised order, **with their plaintext**. Expired tokens are included, deleted ones are not; so are admin tokens. A backend token is listed as `client`. A token whose projects were all deleted is listed as one of all projects, which it is treated as, too.
     */
    get: operations["listApiKeys"];
    put?: never;
    /**
     * Create an API token
     * @description Creates a token and returns it with its plaintext, which the list shows again. It works at once.
     *
     *     Names are not unique and there is no idempotency key, so sending the request again creates a second token.
     *     Fields that the server does not know are dropped without a word, and `project` is one of them, though the server's
     *     document has it: a token that is asked for by `project` alone is made **for all projects**. Say `projects`.
     *
     *     There are at most 2,000 tokens unless the server is set up otherwise. Admin tokens cannot be made.
     */
    post: operations["createApiKey"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/admin/api-tokens/{token}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Change when an API token expires
     * @description Sets a new expiry, which is all that can be changed; it can be in the past. An expiry cannot be taken away: null and a missing value are refused with 400. **A token that is not there is answered with 200 as well**, so look at the list before and after. The answer has no body.
     */
    put: operations["updateApiKey"];
    post?: never;
    /**
     * Delete an API token
     * @description Deletes a token for good, which may work for up to a minute more. **A token that is not there is answered with 200 as well**, so look at the list before and after. The answer has no body. The token in use can delete itself.
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
    /** @description A token as it is listed, with its plaintext. It has no id but that: it is known by its `secret`. */
    ApiKey: ApiKey;
    /** @description A new token, with its plaintext. */
    NewApiKey: NewApiKey;
    /** @description What a token is for: `client` for servers' applications (`backend` is another word for it, and the one that the server's document prefers), `frontend` for browsers and apps, `admin` for the API of this document. Accept others. */
    TokenType: TokenType;
    /**
     * @description What a new token is for: `client` or, in other words, `backend` for servers' applications, `frontend` for browsers and apps. The server takes them in any case.
     * @enum {string}
     */
    NewTokenType: NewTokenType;
    /** @description The tokens that the credential may read. */
    ListApiKeysResponse: ListApiKeysResponse;
    /** @description What a new token is for. */
    CreateApiKeyRequest: CreateApiKeyRequest;
    /** @description What is changed of a token. */
    UpdateApiKeyRequest: UpdateApiKeyRequest;
    /** @description The body of every error. */
    ErrorResponse: ErrorResponse;
    /** @description One thing that went wrong. */
    ErrorDetail: ErrorDetail;
  };
  responses: {
    /** @description The body is not as it must be. `details` say what is wrong, each with the place where it was found out by the schema of the server's document; what is found out later has no place, and the answer no `id`. A body that is no JSON is answered with a `message` alone. */
    BadRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The credential was not accepted. `AuthenticationRequired`: there is none. `UnauthorizedError`: no such token exists, or it has expired. */
    Unauthorized: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The credential is known, and may not do this. Of a token of an application the answer is a `message` alone. */
    Forbidden: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The body has more than 100 kB. */
    ContentTooLarge: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The body is not `application/json`, or there is none. */
    UnsupportedMediaType: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorResponse"];
      };
    };
    /** @description The server failed, mostly at its database, whose words the message quotes: for a project that is named twice, for a name with a NUL in it, or because the database is away. */
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
     * @description The plaintext of the token, percent-encoded: it has no other id. What stands in a URL is often logged.
     * @example *:development.89abcdef0123456789abcdef0123456789abcdef0123456789abcdef
     */
    Token: string;
  };
  requestBodies: never;
  headers: never;
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
      /** @description All tokens; an empty array if there are none. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ListApiKeysResponse"];
        };
      };
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
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
    /** @description What the token is for. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateApiKeyRequest"];
      };
    };
    responses: {
      /** @description The new token, with its plaintext. */
      201: {
        headers: {
          /**
           * @description Always `api-tokens`; it names no token.
           * @example api-tokens
           */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["NewApiKey"];
        };
      };
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      500: components["responses"]["InternalServerError"];
    };
  };
  updateApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The plaintext of the token, percent-encoded: it has no other id. What stands in a URL is often logged.
         * @example *:development.89abcdef0123456789abcdef0123456789abcdef0123456789abcdef
         */
        token: components["parameters"]["Token"];
      };
      cookie?: never;
    };
    /** @description The new expiry. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["UpdateApiKeyRequest"];
      };
    };
    responses: {
      /** @description The expiry is set, or there is no such token. No body. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      500: components["responses"]["InternalServerError"];
    };
  };
  deleteApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The plaintext of the token, percent-encoded: it has no other id. What stands in a URL is often logged.
         * @example *:development.89abcdef0123456789abcdef0123456789abcdef0123456789abcdef
         */
        token: components["parameters"]["Token"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The token is deleted, or there is no such token. No body. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      500: components["responses"]["InternalServerError"];
    };
  };
}

/** A token as it is listed, with its plaintext. It has no id but that: it is known by its `secret`. */
export type ApiKey = {
  /**
   * Format: password
   * @description The plaintext: `<project>:<environment>.<random>`, with `*` for all projects and `[]` for several. Old tokens have other shapes.
   */
  secret: string;
  /**
   * @description The name, for people. Not unique, though the server's document calls it so; cannot be changed.
   * @example checkout
   */
  tokenName: string;
  /** @description What the token is for. */
  type: components["schemas"]["TokenType"];
  /**
   * @description The environment of the token; `*`, all of them, for admin tokens.
   * @example development
   */
  environment?: string;
  /**
   * @description The projects in one text, with commas between them; `*` for all.
   * @example default
   */
  project?: string;
  /**
   * @description The projects that the token is for; `*` alone for all.
   * @example [
   *       "*"
   *     ]
   */
  projects: string[];
  /**
   * Format: date-time
   * @description When the token stops working, or stopped, in UTC with milliseconds. Null for never; a new token that never expires lacks it.
   * @example 2030-01-02T01:04:05.678Z
   */
  expiresAt?: string | null;
  /**
   * Format: date-time
   * @description When the token was made, in UTC with milliseconds.
   * @example 2026-11-26T04:55:08.446Z
   */
  createdAt: string;
  /**
   * Format: password
   * @description Another plaintext that is taken for this token, of one that was carried over from the old proxy. Null for all others.
   */
  alias?: string | null;
  /**
   * Format: date-time
   * @description When the token was last used, in UTC with milliseconds: up to three minutes late. Null where it never was, and absent from the answer to a create.
   * @example 2026-11-26T04:57:42.821Z
   */
  seenAt?: string | null;
};

/** A new token, with its plaintext. */
export type NewApiKey = {
  /**
   * Format: password
   * @description The plaintext, `<project>:<environment>.<56 hexadecimal digits>`.
   */
  secret?: string;
} & components["schemas"]["ApiKey"];

/**
 * What a token is for: `client` for servers' applications (`backend` is another word for it, and the one that the
 * server's document prefers), `frontend` for browsers and apps, `admin` for the API of this document. Accept others.
 */
export type TokenType = "client" | "backend" | "frontend" | "admin" | (string & {});

/**
 * What a new token is for: `client` or, in other words, `backend` for servers' applications, `frontend` for browsers
 * and apps. The server takes them in any case.
 */
export type NewTokenType = "client" | "backend" | "frontend";

/** The tokens that the credential may read. */
export type ListApiKeysResponse = {
  /** @description The tokens, unordered. */
  tokens: components["schemas"]["ApiKey"][];
};

/** What a new token is for. */
export type CreateApiKeyRequest = {
  /**
   * @description The name, for people. Not unique. No limit on its length is known but that of the body.
   * @example checkout
   */
  tokenName: string;
  /** @description What the token is for. */
  type: components["schemas"]["NewTokenType"];
  /**
   * @description The environment that it is for, which has to be there. `*` is refused.
   * @default development
   * @example production
   */
  environment?: string;
  /**
   * @description The projects that it is for, which have to be there; with `*` among them all. A project that is named twice is answered with 500.
   * @default [
   *       "*"
   *     ]
   * @example [
   *       "default"
   *     ]
   */
  projects?: string[];
  /**
   * Format: date-time
   * @description When it stops working, which may be in the past. Left out, never; null is refused.
   * @example 2030-01-02T01:04:05.678Z
   */
  expiresAt?: string;
};

/** What is changed of a token. */
export type UpdateApiKeyRequest = {
  /**
   * Format: date-time
   * @description When it stops working, which may be in the past. Null is refused.
   * @example 2031-01-01T00:00:00.000Z
   */
  expiresAt: string;
};

/** The body of every error. */
export type ErrorResponse = {
  /** @description The id of this error, a UUID, which the server's log has, too. Absent where the server did not foresee it. */
  id?: string;
  /**
   * @description The kind of error, for programs, such as `BadDataError`. Absent where an earlier layer answered.
   * @example BadDataError
   */
  name?: string;
  /** @description What went wrong, for people. Its wording is not promised. */
  message: string;
  /** @description What went wrong, one by one. Absent where `name` is. */
  details?: components["schemas"]["ErrorDetail"][];
  /** @description Where to log in, with `AuthenticationRequired` alone. */
  path?: string;
  /** @description How to log in, with `AuthenticationRequired` alone. */
  type?: string;
  /** @description Whether the page to log in at hides its form, with `AuthenticationRequired` alone. */
  defaultHidden?: boolean;
  /** @description The permissions of which one is needed, with `PermissionError` alone. */
  permissions?: string[];
};

/** One thing that went wrong. */
export type ErrorDetail = {
  /** @description What went wrong, for people. */
  message: string;
  /** @description Where in the request, such as `/body/expiresAt`. Absent where that is not told. */
  path?: string;
};

/** A key as the server sends it, without the fields that hold plaintext. */
export type WireApiKey = Omit<components["schemas"]["ApiKey"], "secret" | "alias">;
