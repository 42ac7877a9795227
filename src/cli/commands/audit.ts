import { audit as judge, type ProviderName } from "../../index.js";
import { chosen } from "../client.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { everyKey, placeOf } from "../place.js";
import type { Options } from "../options.js";
import { json, print } from "../show/output.js";
import { policyIn } from "../policy.js";
import { findingsSummary, findingsText } from "../show/findings.js";

export async function audit(named: readonly ProviderName[], options: Options): Promise<ExitCode> {
  const policy = options.policy === undefined ? {} : await policyIn(options.policy);
  const providers = chosen(named, options);
  const places = await Promise.all(providers.map((provider) => placeOf(provider, options)));
  const keys = (await Promise.all(places.map(everyKey))).flat();
  const findings = judge(keys, policy);
  const real = findings.filter(({ status }) => status === "finding");
  if (options.json) print(json(findings));
  else {
    if (real.length > 0) print(findingsText(real));
    print(`${real.length > 0 ? "\n" : ""}${findingsSummary(findings, keys.length)}`);
  }
  return real.length > 0 ? exitCodes.findings : exitCodes.done;
}
