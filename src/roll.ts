/** A roll: a key that is there gets a new plaintext, sent once, and the old plaintext is dead from then on. */
import { unreadable } from "./answer.js";
import { sent, type CallPromise, type Sending } from "./call.js";
import { isKeysmithError } from "./http/errors.js";
import { RollOutcomeUnknownError } from "./http/outcome-unknown.js";
import type { CallOptions } from "./options.js";
import { Secret } from "./secret.js";
import type { Settings } from "./settings.js";

export function rolled<Operation extends string>(
  settings: Settings<Operation>,
  operation: Operation,
  options: CallOptions | undefined,
  plan: Sending,
): CallPromise<Secret> {
  const { provider } = settings.api;
  return sent(settings, operation, options, {
    ...plan,
    result: (_, call, [taken]) => {
      const [, secret] = taken ?? [];
      if (secret === undefined) throw unreadable(call);
      return new Secret(secret);
    },
    onDoubt: (cause) => {
      const { message, status } = isKeysmithError(cause) ? cause : { message: "aborted", status: undefined };
      const problem = `nobody knows whether the plaintext was replaced (${message})`;
      const advice = "Use the old plaintext: where it is refused, nobody has the new one, so roll again.";
      return new RollOutcomeUnknownError(`${provider} ${operation}: ${problem} It is not sent again. ${advice}`, {
        provider,
        operation,
        cause,
        status,
      });
    },
  });
}
