/** What a provider tells of the credential in use, or of the whole account. */
import type { ProviderName } from "../../key.js";
import { apiOf, connect, providerNames, requireMethod } from "../client.js";
import { UsageError } from "../errors.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import type { Options } from "../options.js";
import { json, print } from "../show/output.js";
import { rowsOf } from "../show/keys.js";
import { details } from "../show/table.js";

/** By command, the operation of a spec that a provider has to have for it. */
const OPERATIONS = { current: "getCurrentApiKey", stats: "getUserStats", export: "exportUserData" } as const;

export async function account(
  command: keyof typeof OPERATIONS,
  named: ProviderName | undefined,
  options: Options,
): Promise<ExitCode> {
  const provider = named ?? (await onlyProviderWith(command));
  const ask = requireMethod(await connect(provider, options), command, "");
  const answer = await ask();
  print(options.json || command === "export" ? json(answer) : details(rowsOf(answer)));
  return exitCodes.done;
}

async function onlyProviderWith(command: keyof typeof OPERATIONS): Promise<ProviderName> {
  const apis = await Promise.all(providerNames.map(apiOf));
  const able = apis.filter(({ operations }) => OPERATIONS[command] in operations).map(({ provider }) => provider);
  const [provider] = able;
  if (provider && able.length === 1) return provider;
  throw new UsageError(`Say of which provider: ${able.join(", ")}.`);
}
