import { UsageError } from "../errors.js";
import type { Options } from "../options.js";
import type { Data } from "../show/data.js";
import { dotenvFile } from "./dotenv-file.js";
import { exec } from "./exec.js";
import { outFile } from "./out-file.js";
import { reveal } from "./reveal.js";
import type { Sink } from "./sink.js";

export type { Sink } from "./sink.js";

/** The one place that the options name, in which a key is shown as `data`, if given. @throws UsageError where they name none, or more than one. */
export function sinkOf(options: Options, data?: Data): Sink {
  const { out, dotenv, variable, exec: command, read: readBack } = options;
  if (options.envFile !== undefined || options.envName !== undefined) {
    throw new UsageError(
      "--env-file is an option of Node's own, which reads that file before keysmith begins. Give --dotenv FILE --variable NAME.",
    );
  }
  if ((dotenv === undefined) !== (variable === undefined)) {
    throw new UsageError("--dotenv FILE and --variable NAME belong together. Give both.");
  }
  if (readBack !== undefined && command === undefined) {
    throw new UsageError("--read COMMAND reads what --exec COMMAND has stored. Give both.");
  }
  const sinks = [
    out !== undefined && outFile(out),
    dotenv !== undefined && variable !== undefined && dotenvFile(dotenv, variable),
    command !== undefined && exec(command, readBack),
    options.reveal && reveal(data),
  ].filter((sink): sink is Sink => typeof sink === "object");
  const [sink] = sinks;
  if (sink && sinks.length === 1) return sink;
  throw new UsageError(
    `${sink ? "The new key can go to one place only" : "Nobody shows the plaintext of a new key twice, so say where it goes"}: ` +
      "--out FILE, --dotenv FILE --variable NAME, --exec COMMAND, or --reveal.",
  );
}
