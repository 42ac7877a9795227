import { fstatSync } from "node:fs";
import { stat } from "node:fs/promises";
import { devNull } from "node:os";
import { NotStoredError } from "../../rotation/errors.js";
import { systemReason, UsageError } from "../errors.js";
import { json, printSurely } from "../show/output.js";
import type { Sink } from "./sink.js";

/** `--reveal`: to standard output, in a line of its own, or as `secret` of the key's JSON. */
export function reveal({ asJson }: { asJson: boolean }): Sink {
  return {
    description: "to standard output",
    many: false,
    check: async () => {
      // Where it is closed, Node opens the null device in its place, which takes everything and keeps nothing.
      const [output, nothing] = [fstatSync(process.stdout.fd), await stat(devNull).catch(() => undefined)];
      if (nothing && output.isCharacterDevice() && output.rdev === nothing.rdev) {
        throw new UsageError("--reveal: the standard output leads nowhere, and nobody shows the plaintext twice.");
      }
    },
    store: async (secret, key) => {
      try {
        await printSurely(asJson ? `${json({ ...key, secret: secret.reveal() })}\n` : `${secret.reveal()}\n`);
      } catch (error) {
        throw new NotStoredError(`nobody reads the standard output (${systemReason(error)})`, { cause: error });
      }
    },
  };
}
