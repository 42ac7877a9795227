import type { ProviderName } from "../../key.js";
import { connect } from "../client.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { flagInput } from "../flags.js";
import type { Options } from "../options.js";
import { json, note, print } from "../show/output.js";
import { keyTable } from "../show/keys.js";

export async function list(provider: ProviderName, options: Options): Promise<ExitCode> {
  const filter = flagInput("list", provider, options);
  const keys = await connect(provider, options);
  const found = await keys.list(filter).toArray();
  if (options.json) print(json(found));
  else if (found.length > 0) print(keyTable(found));
  else note(`${provider} lists no keys.`);
  return exitCodes.done;
}
