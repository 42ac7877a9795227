import { isObject } from "../json.js";

/** What a caller would do about a failure decides its class. */
export type ErrorKind =
  | "authentication"
  | "permission"
  | "not-found"
  | "conflict"
  | "bad-request"
  | "rate-limit"
  | "server"
  | "connection"
  | "timeout"
  | "invalid-response"
  | "configuration"
  | "outcome-unknown"
  | "rotation"
  | "rotation-pending";

export interface ErrorDetails {
  provider: string;
  operation?: string | undefined;
  status?: number | undefined;
  code?: string | number | undefined;
  serverMessage?: string | undefined;
  requestId?: string | undefined;
  retryAfterMs?: number | undefined;
  retryable?: boolean;
  cause?: unknown;
}

const BRAND = Symbol.for("keysmith.error");

/** The base of every error that keysmith throws, but for the reason of an aborted signal, which is thrown as it is. */
export abstract class KeysmithError extends Error {
  abstract override readonly name: string;
  abstract readonly kind: ErrorKind;
  declare readonly provider: string;
  /** The operationId of the provider's spec. Undefined where the client could not be made. */
  declare readonly operation: string | undefined;
  /** The HTTP status. Undefined where no answer came, or none was asked for. */
  declare readonly status: number | undefined;
  /** The server's own code: `ERR_INVALID_TOKEN`, `404`, a gRPC code. Undefined where it sent none. */
  declare readonly code: string | number | undefined;
  /** The server's own words, at most 300 characters, known secrets removed. Undefined where it sent none. */
  declare readonly serverMessage: string | undefined;
  /** The server's id of the request, for the provider's support. Undefined where it sent none. */
  declare readonly requestId: string | undefined;
  /** How long the server asked to wait, in milliseconds. Undefined where it did not. */
  declare readonly retryAfterMs: number | undefined;
  /** Whether the same call may succeed later. Never true where repeating it could create a second key. */
  declare readonly retryable: boolean;

  constructor(message: string, details: ErrorDetails) {
    super(message, details);
    Object.assign(this, { retryable: false }, details);
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** 401: the credential is missing, unknown, expired or disabled. */
export class AuthenticationError extends KeysmithError {
  override readonly name = "AuthenticationError";
  override readonly kind = "authentication";
}

/** 403: the credential is valid and may not do this. */
export class PermissionError extends KeysmithError {
  override readonly name = "PermissionError";
  override readonly kind = "permission";
}

/** 404 or 410; on Estuary also a key that its list does not hold. */
export class NotFoundError extends KeysmithError {
  override readonly name = "NotFoundError";
  override readonly kind = "not-found";
}

/** 409 or 412. */
export class ConflictError extends KeysmithError {
  override readonly name = "ConflictError";
  override readonly kind = "conflict";
}

/** Any other 4xx, and input that was refused before it was sent; then there is no status. */
export class BadRequestError extends KeysmithError {
  override readonly name = "BadRequestError";
  override readonly kind = "bad-request";
}

/** 429. */
export class RateLimitError extends KeysmithError {
  override readonly name = "RateLimitError";
  override readonly kind = "rate-limit";
}

/** 408 or 5xx. */
export class ServerError extends KeysmithError {
  override readonly name = "ServerError";
  override readonly kind = "server";
}

/** No answer, or not all of it, because the connection failed. */
export class ConnectionError extends KeysmithError {
  override readonly name = "ConnectionError";
  override readonly kind = "connection";
}

/** No whole answer within `timeoutMs`. */
export class TimeoutError extends KeysmithError {
  override readonly name = "TimeoutError";
  override readonly kind = "timeout";
}

/** An answer that is not what the API gives: not JSON, empty, too large, a redirect, a list that does not end. */
export class InvalidResponseError extends KeysmithError {
  override readonly name = "InvalidResponseError";
  override readonly kind = "invalid-response";
}

/** The client was given something that it cannot work with. Nothing was sent. */
export class ConfigurationError extends KeysmithError {
  override readonly name = "ConfigurationError";
  override readonly kind = "configuration";
}

/** Whether this is an error of keysmith's, of this or of another copy of the package. */
export function isKeysmithError(error: unknown): error is KeysmithError {
  return isObject(error) && BRAND in error;
}
