import type { ErrorDetails, KeysmithError } from "./keysmith-error.js";
import { redact } from "./redact.js";
import type { Call } from "./transport.js";

/** What of a call an error tells. */
export interface CallName {
  readonly provider: string;
  /** The operationId. Left out where no operation is at fault. */
  readonly operation?: string;
}

/** An error that says where, what was wrong, and what to do. */
export function failure<E extends KeysmithError>(
  ErrorClass: new (message: string, details: ErrorDetails) => E,
  { provider, operation }: CallName,
  problem: string,
  details?: Omit<ErrorDetails, "provider" | "operation">,
): E {
  const place = operation ? `${provider} ${operation}` : provider;
  return new ErrorClass(`${place}: ${problem}`, { provider, operation, ...details });
}

/** What to do where it may not be the API that answered. */
export function checkBaseUrl({ settings: { baseUrl, baseUrlSource, secrets } }: Pick<Call, "settings">): string {
  return `check the base URL, ${redact(baseUrl, secrets)} (${baseUrlSource})`;
}
