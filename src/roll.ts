/** A roll: a key that is there gets a new plaintext, sent once, and the old plaintext is dead from then on. */
import { unreadable } from "./answer.js";
import type { Plan, Sending } from "./call.js";
import { isKeysmithError } from "./http/errors.js";
import type { CallName } from "./http/failure.js";
import { RollOutcomeUnknownError } from "./http/outcome-unknown.js";
import { Secret } from "./secret.js";

/** For `call` of a connection: a new plaintext for a key; either it is delivered, or it is said that nobody knows of it. */
export function rolling({ provider, operation }: CallName, sending: Sending): Plan<Secret> {
  return {
    ...sending,
    result: (_, call, [taken]) => {
      const [, secret] = taken ?? [];
      if (secret === undefined) throw unreadable(call);
      return new Secret(secret);
    },
    onDoubt: (cause) => {
      const { message, status } = isKeysmithError(cause) ? cause : { message: "aborted", status: undefined };
      const problem = `nobody knows whether the plaintext was replaced (${message})`;
      const advice = "Use the old plaintext: where it is refused, nobody has the new one, so roll again.";
      return new RollOutcomeUnknownError(`${provider} ${operation ?? ""}: ${problem} It is not sent again. ${advice}`, {
        provider,
        operation,
        cause,
        status,
      });
    },
  };
}
