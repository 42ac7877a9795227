/** What `audit` goes by: a policy file, and flags, which count more. */
import { defaultPolicy, type AuditPolicy, type AuditRule } from "../index.js";
import { duration } from "./durations.js";
import { UsageError } from "./errors.js";
import type { Options } from "./options.js";
import { auditRules } from "./show/audit-rules.js";
import { jsonIn } from "./text-files.js";

const DAY_MS = 86_400_000;

/** The flags that take a duration. */
const DURATIONS = {
  maxAge: ["--max-age", "maxAgeDays"],
  maxUnused: ["--max-unused", "maxUnusedDays"],
  expiresSoon: ["--expires-soon", "expiresSoonDays"],
  expiresVerySoon: ["--expires-very-soon", "expiresVerySoonDays"],
  maxLife: ["--max-life", "maxLifeDays"],
} as const;

/** @throws UsageError */
export async function policyOf(options: Options): Promise<Partial<AuditPolicy>> {
  const policy = options.policy === undefined ? {} : await policyIn(options.policy);
  for (const [option, [flag, name]] of Object.entries(DURATIONS)) {
    const text = options[option];
    if (typeof text === "string") policy[name] = duration(flag, text) / DAY_MS;
  }
  if (options.maxSpentShare !== undefined) {
    const share = Number(options.maxSpentShare);
    if (!(share > 0 && share <= 1) || options.maxSpentShare.trim() === "") {
      throw new UsageError(
        `--max-spent-share is ${JSON.stringify(options.maxSpentShare)}: give a share of the limit, such as 0.9.`,
      );
    }
    policy.maxSpentShare = share;
  }
  return policy;
}

/** A policy file: a JSON object of what is to be other than the default. @throws UsageError */
async function policyIn(path: string): Promise<Partial<AuditPolicy>> {
  const refuse = (problem: string) => new UsageError(`--policy ${path}: ${problem}.`);
  const policy = await jsonIn("--policy", path);
  if (typeof policy !== "object" || policy === null || Array.isArray(policy)) throw refuse("it holds no JSON object");
  for (const [name, value] of Object.entries(policy) as [string, unknown][]) {
    const standard = Object.entries(defaultPolicy).find(([known]) => known === name)?.[1];
    if (standard === undefined) throw refuse(`there is no ${name}. There are ${Object.keys(defaultPolicy).join(", ")}`);
    if (name === "exceptions") checkExceptions(value, refuse);
    else if (value !== false && typeof value !== typeof standard) {
      throw refuse(`${name} is ${JSON.stringify(value)}: give a ${typeof standard}, or false to turn it off`);
    }
  }
  return policy;
}

function checkExceptions(given: unknown, refuse: (problem: string) => UsageError): void {
  const example = `{"key": "ci", "rules": ["age"], "reason": "moves next month", "until": "2027-01-31"}`;
  if (!Array.isArray(given)) throw refuse(`exceptions is no list of ones such as ${example}`);
  for (const [at, one] of (given as unknown[]).entries()) {
    const place = `exceptions[${at}]`;
    if (typeof one !== "object" || one === null) throw refuse(`${place} is no object such as ${example}`);
    const { key, rules, reason, until, ...rest } = one as Record<string, unknown>;
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined)
      throw refuse(`${place} has ${JSON.stringify(unknown)}. It takes what this has: ${example}`);
    for (const [name, value] of Object.entries({ key, reason, until })) {
      if (typeof value !== "string" || value.trim() === "")
        throw refuse(`${place}.${name} is no text. One is ${example}`);
    }
    // Other forms mean one day here and another there, such as 12/01/2027.
    if (!isTime(String(until))) {
      throw refuse(`${place}.until is ${JSON.stringify(until)}: give a day, such as 2027-01-31`);
    }
    if (rules !== undefined && !(Array.isArray(rules) && rules.every(isRule))) {
      throw refuse(`${place}.rules is ${JSON.stringify(rules)}: give a list of some of ${auditRules.join(", ")}`);
    }
  }
}

/** Whether it begins with a day that there is: of the 30th of February, Date makes one in March. */
function isTime(text: string): boolean {
  const [day = ""] = /^\d{4}-\d\d-\d\d(?=T|$)/.exec(text) ?? [];
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day) && !Number.isNaN(Date.parse(text));
}

export function isRule(name: unknown): name is AuditRule {
  return auditRules.some((rule) => rule === name);
}
