import { link, rm } from "node:fs/promises";
import { exists, removeWhatIsLeft, syncFolderOf, temporaryFor, writeNew } from "../../files/durable-file.js";
import { UsageError } from "../errors.js";
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
      // Of one that is at work on the same name, too: its link fails then, and it writes in place.
      await removeWhatIsLeft(path).catch(() => undefined);
      // It has its name only once it is whole: what a process that was killed has left of it would pass for a key.
      const temporary = temporaryFor(path);
      await writeNew(temporary, secret.reveal());
      try {
        // Nothing is overwritten by that. Some file systems have no links, and there it has its name as it is written.
        await link(temporary, path).catch(() => writeNew(path, secret.reveal()));
      } finally {
        await rm(temporary, { force: true });
      }
      await syncFolderOf(path);
    },
  };
}
