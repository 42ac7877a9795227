import { fstatSync, fsyncSync, ftruncateSync } from "node:fs";
import { stat } from "node:fs/promises";
import { devNull } from "node:os";
import { NotStoredError } from "../../rotation/errors.js";
import { UsageError } from "../errors.js";
import { systemReason } from "../../files/system-errors.js";
import type { Data } from "../show/data.js";
import { writeAll } from "../show/standard-output.js";
import type { Sink } from "./sink.js";

const STDOUT = 1;

/** `--reveal`: to standard output, in a line of its own, or as `secret` of the key in the form that is given. */
export function reveal(data: Data | undefined): Sink {
  return {
    description: "to standard output",
    many: false,
    check: async () => {
      // Where it is closed, Node opens the null device in its place, which takes everything and keeps nothing.
      const [output, nothing] = [fstatSync(STDOUT), await stat(devNull).catch(() => undefined)];
      if (nothing && output.isCharacterDevice() && output.rdev === nothing.rdev) {
        throw new UsageError("--reveal: the standard output leads nowhere, and nobody shows the plaintext twice.");
      }
    },
    store: async (secret, key) => {
      const before = fstatSync(STDOUT);
      try {
        await writeAll(data ? `${data({ ...key, secret: secret.reveal() })}\n` : `${secret.reveal()}\n`);
      } catch (error) {
        // A file may have taken all of the plaintext but not the line end: where that stays, nobody knows.
        if (before.isFile()) ftruncateSync(STDOUT, before.size);
        throw new NotStoredError(`standard output does not take it (${systemReason(error)})`, { cause: error });
      }
      if (before.isFile()) fsyncSync(STDOUT);
    },
  };
}
