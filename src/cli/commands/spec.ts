import type { ProviderName } from "../../key.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { packageFile } from "../package-files.js";
import { write } from "../show/standard-output.js";

export function spec(provider: ProviderName): ExitCode {
  write(packageFile(`spec/${provider}.yaml`));
  return exitCodes.done;
}
