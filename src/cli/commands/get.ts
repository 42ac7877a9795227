import type { ProviderName } from "../../key.js";
import { connect, requireMethod } from "../client.js";
import { findOne } from "../find-keys.js";
import { checkHas } from "../providers.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import type { Options } from "../options.js";
import { dataForm } from "../show/data.js";
import { print } from "../show/output.js";
import { keyDetails } from "../show/keys.js";

export async function get(provider: ProviderName, text: string, options: Options): Promise<ExitCode> {
  const data = await dataForm(options);
  checkHas(provider, "get", `\`keysmith list ${provider}\` shows all of them`);
  const keys = await connect(provider, options);
  requireMethod(keys, "get");
  const key = await findOne(keys, text);
  print(data ? data(key) : keyDetails(key));
  return exitCodes.done;
}
