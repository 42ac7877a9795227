import type { ProviderName } from "../../key.js";
import { connect, requireMethod } from "../client.js";
import { checkHas } from "../providers.js";
import { UsageError } from "../errors.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { meantBy } from "../find-keys.js";
import { flagInput } from "../flags.js";
import type { Options } from "../options.js";
import { dataForm } from "../show/data.js";
import { note, print, printable } from "../show/output.js";
import { keyDetails, rowsOf } from "../show/keys.js";
import { details } from "../show/table.js";

export async function update(provider: ProviderName, text: string, options: Options): Promise<ExitCode> {
  const data = await dataForm(options);
  checkHas(provider, "update", "Create a new key, and revoke this one");
  const patch = flagInput("update", provider, options);
  const keys = await connect(provider, options);
  const change = requireMethod(keys, "update");
  if (Object.keys(patch).length === 0) {
    throw new UsageError(`This changes nothing. \`keysmith update ${provider} --help\` shows what can be set.`);
  }
  if (options.dryRun) {
    note(`Would change ${provider} ${printable(text)}; nothing was sent:`);
    print(data ? data(patch) : details(rowsOf(patch)));
    return exitCodes.done;
  }
  const [{ id } = { id: text }] = await meantBy(keys, [text]);
  const key = await change(id, patch);
  print(data ? data(key) : keyDetails(key));
  return exitCodes.done;
}
