/** What a provider tells of the credential in use, or of the whole account. */
import type { ProviderName } from "../../key.js";
import { checkHas, connect, providersWith, requireMethod } from "../client.js";
import { UsageError } from "../errors.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import type { Options } from "../options.js";
import { json, print } from "../show/output.js";
import { rowsOf } from "../show/keys.js";
import { details } from "../show/table.js";

type AccountCommand = "current" | "stats" | "export";

export async function account(
  command: AccountCommand,
  named: ProviderName | undefined,
  options: Options,
): Promise<ExitCode> {
  const provider = named ?? (await onlyProviderWith(command));
  await checkHas(provider, command);
  const ask = requireMethod(await connect(provider, options), command);
  const answer = await ask();
  print(options.json || command === "export" ? json(answer) : details(rowsOf(answer)));
  return exitCodes.done;
}

async function onlyProviderWith(command: AccountCommand): Promise<ProviderName> {
  const able = await providersWith(command);
  const [provider] = able;
  if (provider && able.length === 1) return provider;
  throw new UsageError(`Say of which provider: ${able.join(", ")}.`);
}
