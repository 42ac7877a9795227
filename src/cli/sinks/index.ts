import { UsageError } from "../errors.js";
import type { Options } from "../options.js";
import { envFile } from "./env-file.js";
import { exec } from "./exec.js";
import { outFile } from "./out-file.js";
import { reveal } from "./reveal.js";
import type { Sink } from "./sink.js";

export type { Sink } from "./sink.js";

/** The one place that the options name. @throws UsageError where they name none, or more than one. */
export function sinkOf(options: Options): Sink {
  const { out, envFile: file, envName, exec: command, json = false } = options;
  if ((file === undefined) !== (envName === undefined)) {
    throw new UsageError("--env-file FILE and --env-name NAME belong together. Give both.");
  }
  const sinks = [
    out !== undefined && outFile(out),
    file !== undefined && envName !== undefined && envFile(file, envName),
    command !== undefined && exec(command),
    options.reveal && reveal({ asJson: json }),
  ].filter((sink): sink is Sink => typeof sink === "object");
  const [sink] = sinks;
  if (sink && sinks.length === 1) return sink;
  throw new UsageError(
    `${sink ? "The new key can go to one place only" : "Nobody shows the plaintext of a new key twice, so say where it goes"}: ` +
      "--out FILE, --env-file FILE --env-name NAME, --exec COMMAND, or --reveal.",
  );
}
