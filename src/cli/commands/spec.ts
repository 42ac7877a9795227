import type { ProviderName } from "../../key.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { packageFile } from "../package-files.js";

export function spec(provider: ProviderName): ExitCode {
  process.stdout.write(packageFile(`spec/${provider}.yaml`));
  return exitCodes.done;
}
