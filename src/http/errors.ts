import { isObject } from "../json.js";
import type { RotationError, RotationPendingError } from "../rotation/errors.js";
import { BRAND, KeysmithError } from "./keysmith-error.js";
import type { CreateOutcomeUnknownError, RollOutcomeUnknownError } from "./outcome-unknown.js";

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

/** 404 or 410, or a key that the list does not hold where only that tells. */
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

/** Every error of keysmith's; `kind` tells which. */
export type AnyKeysmithError =
  | AuthenticationError
  | PermissionError
  | NotFoundError
  | ConflictError
  | BadRequestError
  | RateLimitError
  | ServerError
  | ConnectionError
  | TimeoutError
  | InvalidResponseError
  | ConfigurationError
  | CreateOutcomeUnknownError
  | RollOutcomeUnknownError
  | RotationError
  | RotationPendingError;

/** Whether this is an error of keysmith's, of this or of another copy of the package. */
export function isKeysmithError(error: unknown): error is AnyKeysmithError {
  return isObject(error) && BRAND in error;
}
