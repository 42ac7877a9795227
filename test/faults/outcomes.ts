/** What is expected of a call, in words that a table can be written in. */
import type { ErrorKind } from "../../src/index.js";
import type { OperationClass } from "./operation.js";

/** The errors of the matrix, each with its kind. */
export const KINDS = {
  AuthenticationError: "authentication",
  BadRequestError: "bad-request",
  ConflictError: "conflict",
  ConnectionError: "connection",
  CreateOutcomeUnknownError: "outcome-unknown",
  InvalidResponseError: "invalid-response",
  NotFoundError: "not-found",
  PermissionError: "permission",
  RateLimitError: "rate-limit",
  RollOutcomeUnknownError: "roll-outcome-unknown",
  ServerError: "server",
  TimeoutError: "timeout",
} as const satisfies Record<string, ErrorKind>;

export type ErrorName = keyof typeof KINDS;

export interface Outcome {
  /** Absent where the call succeeds. */
  error?: ErrorName;
  /** What an unknown outcome comes of. */
  cause?: ErrorName;
  retryable: boolean;
  /** How often it is tried while the fault lasts, with the two retries that are the default. */
  attempts: 1 | 3;
}

export type Outcomes = Readonly<Record<OperationClass, Outcome>>;

export const succeeds: Outcome = { retryable: false, attempts: 1 };

/** Trying again would change nothing. */
export const fails = (error: ErrorName): Outcome => ({ error, retryable: false, attempts: 1 });

/** It may pass, so it is tried again. */
export const retried = (error: ErrorName): Outcome => ({ error, retryable: true, attempts: 3 });

/** It may pass, but not as soon as this call could wait for. */
export const later = (error: ErrorName): Outcome => ({ error, retryable: true, attempts: 1 });

/** A create that may have made a key, and so is not sent again. */
export const unknown = (cause: ErrorName): Outcome => ({
  error: "CreateOutcomeUnknownError",
  cause,
  retryable: false,
  attempts: 1,
});

export const everywhere = (outcome: Outcome): Outcomes => ({
  read: outcome,
  update: outcome,
  revoke: outcome,
  create: outcome,
});

/** What may be over soon, and leaves open whether the request had its effect. */
export const passing = (error: ErrorName): Outcomes => ({ ...everywhere(retried(error)), create: unknown(error) });

/** What will be the same next time, and leaves open whether the request had its effect. */
export const lasting = (error: ErrorName): Outcomes => ({ ...everywhere(fails(error)), create: unknown(error) });

/** An answer that holds nothing to use, and does not say that something was done. */
export const useless = lasting("InvalidResponseError");
