/** Runs the program of `ending-process.ts` as a process of its own. */
import { join } from "node:path";
import { bundled } from "../helpers/bundled.js";
import { Program, type Ended } from "../helpers/processes.js";
import type { Origins } from "./server.js";

export interface Ending {
  /** As it ends by itself. Its standard output is the problems that it met, as JSON. */
  ended: Promise<Ended>;
  /** Kills it, if it has not ended. */
  stop: () => Promise<void>;
}

export async function startEnding(origins: Origins): Promise<Ending> {
  const { folder, remove } = await bundled("test/faults/ending-process.ts");
  const program = new Program(process.execPath, [join(folder, "ending-process.mjs"), JSON.stringify(origins)]);
  return {
    ended: program.ended,
    stop: async () => {
      await program.end("SIGKILL");
      await remove();
    },
  };
}
