import { UsageError } from "../errors.js";
import { exists, syncFolderOf, writeNew } from "../../files/durable-file.js";
import { checkFolderOf } from "./folder.js";
import type { Sink } from "./sink.js";

/** `--out FILE`: a file of its own, which holds the plaintext and nothing else. Never overwrites. */
export function outFile(path: string): Sink {
  return {
    description: `into the new file ${path}`,
    many: false,
    check: async () => {
      await checkFolderOf("--out", path);
      if (await exists(path))
        throw new UsageError(`--out ${path}: it is there already, and is never overwritten. Name another file.`);
    },
    store: async (secret) => {
      await writeNew(path, secret.reveal());
      await syncFolderOf(path);
    },
  };
}
