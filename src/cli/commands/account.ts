/** What a provider tells of the credential in use, or of the whole account. */
import type { ProviderName } from "../../key.js";
import { connect, requireMethod, type AccountMethod } from "../client.js";
import { apiOf, checkHas, providersWith } from "../providers.js";
import { UsageError } from "../errors.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import type { Options } from "../options.js";
import { dataForm } from "../show/data.js";
import { json, print } from "../show/output.js";
import { rowsOf } from "../show/keys.js";
import { details } from "../show/table.js";

export async function account(
  command: AccountMethod,
  named: ProviderName | undefined,
  options: Options,
): Promise<ExitCode> {
  const data = (await dataForm(options)) ?? (command === "export" ? json : undefined);
  const provider = named ?? onlyProviderWith(command);
  checkHas(provider, command);
  const ask = requireMethod(await connect(provider, options), command);
  const answer = await ask();
  print(data ? data(answer) : details(rowsOf(answer)));
  return exitCodes.done;
}

/** The one provider that can tell; of several, the one whose credential the environment has. */
function onlyProviderWith(command: AccountMethod): ProviderName {
  const able = providersWith(command);
  const known = able.filter((provider) => process.env[apiOf(provider).credentialEnv]?.trim());
  const [provider, ...others] = able.length === 1 ? able : known;
  if (provider && others.length === 0) return provider;
  throw new UsageError(`Say of which provider: ${able.join(", ")}.`);
}
