import type { ApiKey, ProviderName } from "../../key.js";
import { chosen, connect } from "../client.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { flagInput } from "../flags.js";
import type { Options } from "../options.js";
import { report, worst } from "../report.js";
import { keyCsv, keyTable } from "../show/keys.js";
import { dataForm, type Data } from "../show/data.js";
import { note, print, printable } from "../show/output.js";

export async function list(named: readonly ProviderName[], options: Options): Promise<ExitCode> {
  const data = await dataForm(options);
  const providers = chosen(named, options);
  const places = await Promise.all(
    providers.map(async (provider) => {
      const filter = flagInput("list", provider, options);
      return { keys: await connect(provider, options), filter };
    }),
  );
  const found: ApiKey[] = [];
  const codes: ExitCode[] = [];
  const reading = places.map(({ keys, filter }) => keys.list(filter).toArray());
  for (const result of await Promise.allSettled(reading)) {
    if (result.status === "fulfilled") found.push(...result.value);
    // What is wrong at one provider does not hide the keys of the others.
    else codes.push(await report(result.reason));
  }
  if (codes.length < providers.length) show(found, providers, options, data);
  return codes.length === 0 || providers.length === 1 ? worst(codes) : worst([...codes, exitCodes.failed]);
}

function show(
  found: readonly ApiKey[],
  providers: readonly ProviderName[],
  options: Options,
  data: Data | undefined,
): void {
  const { output } = options;
  if (data) print(data(found));
  else if (output === "csv") print(keyCsv(found));
  else if (found.length === 0) note(`${providers.join(", ")} ${providers.length === 1 ? "lists" : "list"} no keys.`);
  else print(output === "ids" ? found.map(({ id }) => printable(id)).join("\n") : keyTable(found));
}
