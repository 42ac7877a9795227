import { audit as judge, type ApiKey, type Finding, type ProviderName } from "../../index.js";
import { chosen } from "../client.js";
import { now } from "../clock.js";
import { UsageError } from "../errors.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { everyKey, placeOf } from "../place.js";
import type { Options } from "../options.js";
import { baselineIn, markOf } from "../baseline.js";
import { isRule, policyOf } from "../policy.js";
import { report, worst } from "../report.js";
import { auditRules } from "../show/audit-rules.js";
import { findingsMarkdown, findingsText, SEVERITIES, wrappedSummary } from "../show/findings.js";
import { dataForm } from "../show/data.js";
import { note, print } from "../show/output.js";
import { wrapped } from "../show/table.js";
import { sarif } from "../show/sarif.js";

export async function audit(named: readonly ProviderName[], options: Options): Promise<ExitCode> {
  const data = await dataForm(options);
  const policy = await policyOf(options);
  const ignored = ignoredRules(options);
  const baseline = options.baseline === undefined ? new Set<string>() : await baselineIn(options.baseline);
  const providers = chosen(named, options);
  const places = await Promise.all(providers.map((provider) => placeOf(provider, options)));

  const keys: ApiKey[] = [];
  const codes: ExitCode[] = [];
  for (const result of await Promise.allSettled(places.map(everyKey))) {
    if (result.status === "fulfilled") keys.push(...result.value);
    // What is wrong at one provider does not hide what the others tell.
    else codes.push(await report(result.reason));
  }
  if (codes.length === providers.length) return worst(codes);

  const findings = judge(keys, policy, { now: now() }).filter(({ rule }) => !ignored.has(rule));
  const isKnown = (finding: Finding) => finding.status === "finding" && baseline.has(markOf(finding));
  const ofStatus = (status: Finding["status"]) => findings.filter((one) => one.status === status && !isKnown(one));
  const real = ofStatus("finding");
  const standing = {
    keys: keys.length,
    real,
    unknown: ofStatus("unknown"),
    excepted: ofStatus("excepted"),
    known: findings.filter(isKnown),
  };
  const { output, failOn = "low" } = options;
  if (data) {
    print(data(findings.map((finding) => ({ ...finding, ...(isKnown(finding) && { known: true }) }))));
  } else if (output === "sarif") print(sarif(findings, isKnown));
  else if (output === "markdown") print(findingsMarkdown(standing));
  else {
    if (real.length > 0) print(`${findingsText(real)}\n`);
    print(wrappedSummary(standing));
    if (real.length > 0 && process.stdout.isTTY) {
      note(
        wrapped(
          "Only what is grave: --fail-on high. Only what is new: --json > baseline.json, and then --baseline baseline.json. " +
            "Other figures: --policy, or flags such as --max-age 30d. `keysmith audit --help` has them.",
        ),
      );
    }
  }
  if (codes.length > 0) return worst([...codes, exitCodes.failed]);
  const fatal = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  return real.some(({ severity }) => fatal.includes(severity)) ? exitCodes.findings : exitCodes.done;
}

/** @throws UsageError */
function ignoredRules({ ignore = [] }: Options): Set<string> {
  const unknown = ignore.find((rule) => !isRule(rule));
  if (unknown === undefined) return new Set(ignore);
  throw new UsageError(`--ignore: there is no rule ${JSON.stringify(unknown)}. There are ${auditRules.join(", ")}.`);
}
