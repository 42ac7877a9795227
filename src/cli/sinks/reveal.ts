import { NotStoredError } from "../../rotation/errors.js";
import { systemReason } from "../errors.js";
import { json, printSurely } from "../show/output.js";
import type { Sink } from "./sink.js";

/** `--reveal`: to standard output, in a line of its own, or as `secret` of the key's JSON. */
export function reveal({ asJson }: { asJson: boolean }): Sink {
  return {
    description: "to standard output",
    many: false,
    check: () => Promise.resolve(),
    store: async (secret, key) => {
      try {
        await printSurely(asJson ? `${json({ ...key, secret: secret.reveal() })}\n` : `${secret.reveal()}\n`);
      } catch (error) {
        throw new NotStoredError(`nobody reads the standard output (${systemReason(error)})`, { cause: error });
      }
    },
  };
}
