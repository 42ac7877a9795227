import { audit as judge, type ApiKey, type ProviderName } from "../../index.js";
import { chosen, connect, type Keys } from "../client.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { flagInput } from "../flags.js";
import type { Options } from "../options.js";
import { json, print } from "../show/output.js";
import { policyIn } from "../policy.js";
import { everything, scopeFlags } from "../provider-flags.js";
import { findingsSummary, findingsText } from "../show/findings.js";

export async function audit(named: readonly ProviderName[], options: Options): Promise<ExitCode> {
  const policy = options.policy === undefined ? {} : await policyIn(options.policy);
  const providers = await chosen(named, options);
  const filters = providers.map((provider) => ({
    ...everything[provider],
    ...flagInput(scopeFlags, provider, options),
  }));
  const facades: Keys[] = await Promise.all(providers.map((provider) => connect(provider, options)));
  const keys: ApiKey[] = (await Promise.all(facades.map((one, at) => one.list(filters[at]).toArray()))).flat();
  const findings = judge(keys, policy);
  const real = findings.filter(({ status }) => status === "finding");
  if (options.json) print(json(findings));
  else {
    if (real.length > 0) print(findingsText(real));
    print(`${real.length > 0 ? "\n" : ""}${findingsSummary(findings, keys.length)}`);
  }
  return real.length > 0 ? exitCodes.findings : exitCodes.done;
}
