import type { ProviderName } from "../../key.js";
import { connect, requireMethod } from "../client.js";
import { checkHas } from "../providers.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import type { Options } from "../options.js";
import { json, print } from "../show/output.js";
import { keyDetails } from "../show/keys.js";

export async function get(provider: ProviderName, id: string, options: Options): Promise<ExitCode> {
  checkHas(provider, "get", `\`keysmith list ${provider}\` shows all of them`);
  const read = requireMethod(await connect(provider, options), "get");
  const key = await read(id);
  print(options.json ? json(key) : keyDetails(key));
  return exitCodes.done;
}
