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
  | "roll-outcome-unknown"
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

export const BRAND = Symbol.for("keysmith.error");

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

  /** What `JSON.stringify` gives: the message and all fields but `cause`, which may be anybody's. Holds no secret. */
  toJSON(): object {
    const { message } = this;
    return Object.assign({ message }, this);
  }
}
