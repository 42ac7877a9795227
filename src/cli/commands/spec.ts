import { readFileSync } from "node:fs";
import { apis } from "../../../generated/apis.js";
import { defined } from "../../define.js";
import type { ProviderName } from "../../key.js";
import { UsageError } from "../errors.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { packageFile } from "../package-files.js";
import { write } from "../show/standard-output.js";

export function spec(provider: ProviderName): ExitCode {
  const own = Object.hasOwn(apis, provider);
  const shipped = defined[provider]?.spec;
  if (!own && !shipped) throw new UsageError(`${provider} comes without its document.`);
  write(shipped && !own ? readFileSync(shipped, "utf8") : packageFile(`spec/${provider}.yaml`));
  return exitCodes.done;
}
