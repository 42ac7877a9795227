/** What is wrong with keys, by the figures that others have published. Pure: reads the keys that it is given, nothing else. */
import type { KeyFields } from "./api.js";
import { at } from "./json.js";
import type { ApiKey, ProviderName } from "./key.js";
import { apiOf } from "./registry.js";
import { unretiredIn } from "./rotation/chain.js";

/** When a key is found wanting. `false` turns a rule off. Times are in days of 24 hours. */
export interface AuditPolicy {
  /** Older than this. 90: CIS AWS Foundations 1.14, CIS GCP Foundations 1.15. */
  maxAgeDays: number | false;
  /** Not used for longer than this; one that was never used, counted from its creation. 45: CIS AWS Foundations 1.12. */
  maxUnusedDays: number | false;
  /** Expires within this. 30. */
  expiresSoonDays: number | false;
  /** The same, with high severity. 7. */
  expiresVerySoonDays: number | false;
  /** Never expires, though its provider can have it expire, or later than this. 10,000: what never expires may be said to in 100 years. */
  maxLifeDays: number | false;
  /** Has expired and is still listed. */
  expired: boolean;
  /** Has the name of another key of its provider. */
  duplicateName: boolean;
  /** Is disabled and still there. */
  disabled: boolean;
  /** Was to be replaced by a rotation, whose new key is there, and still lives. */
  unretired: boolean;
  /** Can spend without limit, where a key can have one. */
  noLimit: boolean;
  /** Has spent more than this share of its limit in the current window. 0.9. */
  maxSpentShare: number | false;
  /** What is allowed of single keys for a while. None. */
  exceptions: readonly AuditException[];
}

/** What is allowed of one key, until when, and why. */
export interface AuditException {
  /** The id of the key, or its name, which the keys that replace it have as well. */
  key: string;
  /** By which rules nothing is to be said of it. All unless given. */
  rules?: readonly AuditRule[] | undefined;
  reason: string;
  /** ISO 8601: a time, or a day, with whose beginning in UTC the exception ends. */
  until: string;
}

/** What `audit` goes by where nothing else is given. */
export const defaultPolicy: Readonly<AuditPolicy> = {
  maxAgeDays: 90,
  maxUnusedDays: 45,
  expiresSoonDays: 30,
  expiresVerySoonDays: 7,
  maxLifeDays: 10_000,
  expired: true,
  duplicateName: true,
  disabled: true,
  unretired: true,
  noLimit: true,
  maxSpentShare: 0.9,
  exceptions: [],
};

/** What a finding is about; the policy has the figures. */
export type AuditRule =
  | "age"
  | "unused"
  | "expires-soon"
  | "life"
  | "expired"
  | "duplicate-name"
  | "disabled"
  | "unretired"
  | "no-limit"
  | "limit-spent";

/** What is wrong with one key by one rule. */
export interface Finding {
  rule: AuditRule;
  /**
   * `unknown`: the provider does not tell what the rule asks for, so that nothing can be said. That is not fine. `excepted`:
   * the policy allows it for now.
   */
  status: "finding" | "unknown" | "excepted";
  severity: "high" | "medium" | "low";
  provider: ProviderName;
  id: string;
  name: string;
  /** What was found, in a sentence. */
  message: string;
  /** What to do about it. */
  advice: string;
  /** The policy's reason, where it is excepted. */
  reason?: string;
}

const DAY_MS = 86_400_000;

type Verdict = Pick<Finding, "severity" | "status" | "message" | "advice" | "reason">;

/** What the rules look at: a key among others, at a time. */
interface Facts {
  key: ApiKey;
  policy: AuditPolicy;
  /** Which fields its provider's list tells, and where. */
  told: KeyFields;
  /** Milliseconds since the epoch. */
  now: number;
  /** In days. Undefined where nobody tells. */
  age: number | undefined;
  /** In days; below 0 once it has expired. */
  left: number | undefined;
  /** How many keys of its provider have its name, itself included. */
  namesakes: number;
  /** The key that a rotation made to replace it, where it should have been retired by now. */
  successor: ApiKey | undefined;
  /** What the policy allows it. */
  exceptions: AuditPolicy["exceptions"];
}

type Rule = (facts: Facts) => Verdict | undefined;

const finding =
  (severity: Finding["severity"]) =>
  (message: string, advice: string): Verdict => ({ severity, status: "finding", message, advice });
const high = finding("high");
const medium = finding("medium");
const low = finding("low");

function unknown({ key }: Facts, what: string, advice: string): Verdict {
  return { ...low(`${key.provider} does not tell ${what}.`, advice), status: "unknown" };
}

/** What is said of keys that cannot be used any more: they can neither be stolen nor run out. In the order of findings. */
const RULES_FOR_DEAD: Partial<Record<AuditRule, Rule>> = {
  expired: ({ policy, left = Infinity }) =>
    policy.expired && left <= 0 ? low(`It expired ${days(-left)} ago and is still listed.`, "Revoke it.") : undefined,
  disabled: ({ policy, key }) =>
    policy.disabled && key.disabled ? low("It is disabled and still there.", "Revoke it, or enable it.") : undefined,
};

/** What is said of all others, in the order of findings. */
const RULES_FOR_LIVE: Partial<Record<AuditRule, Rule>> = {
  age: (facts) => {
    const { age, policy } = facts;
    if (policy.maxAgeDays === false) return undefined;
    if (age === undefined)
      return unknown(facts, "when it was created", "Note it where you keep the key, and rotate by that.");
    return age > policy.maxAgeDays
      ? medium(`It is ${days(age)} old; the policy allows ${policy.maxAgeDays}.`, "Rotate it.")
      : undefined;
  },
  unused: (facts) => {
    const { policy } = facts;
    if (policy.maxUnusedDays === false) return undefined;
    const idle = idleness(facts);
    if (idle === undefined)
      return unknown(facts, "when it was last used", "Ask whoever has it, or rotate it and see who complains.");
    return idle.days > policy.maxUnusedDays
      ? medium(`${idle.sentence}; the policy allows ${policy.maxUnusedDays}.`, "Revoke it, unless somebody needs it.")
      : undefined;
  },
  life: ({ told, left, policy }) => {
    // Where keys cannot expire, there is nothing to do about it.
    if (policy.maxLifeDays === false || told.expiresAt === undefined) return undefined;
    const advice = "Rotate it into one that expires.";
    if (left === undefined) return low("It never expires.", advice);
    return left > policy.maxLifeDays ? low(`It expires in ${days(left)}, which is never.`, advice) : undefined;
  },
  "expires-soon": ({ left, policy }) => {
    if (left === undefined) return undefined;
    const message = `It expires in ${days(left)}.`;
    if (policy.expiresVerySoonDays !== false && left <= policy.expiresVerySoonDays)
      return high(message, "Rotate it now.");
    const soon = policy.expiresSoonDays !== false && left <= policy.expiresSoonDays;
    return soon ? medium(message, "Rotate it in time.") : undefined;
  },
  "duplicate-name": ({ key, namesakes, policy }) =>
    policy.duplicateName && key.name !== "" && namesakes > 1
      ? low(`${namesakes} keys of ${key.provider} have its name.`, "Rename or revoke, so that each is known.")
      : undefined,
  unretired: ({ successor, policy }) =>
    policy.unretired && successor
      ? high(
          `A rotation made ${successor.id} to replace it, and it still lives.`,
          "Run the rotation again, or revoke what is not in use.",
        )
      : undefined,
  "no-limit": ({ key, told, policy }) =>
    policy.noLimit && told.limit !== undefined && at(key.raw, told.limit) === null
      ? medium("It can spend without limit.", "Set a limit.")
      : undefined,
  "limit-spent": ({ key, told, policy }) => {
    const [limit, remaining] = [told.limit, told.limitRemaining].map((pointer = "/") => at(key.raw, pointer));
    if (policy.maxSpentShare === false || typeof limit !== "number" || typeof remaining !== "number") return undefined;
    const share = limit > 0 ? (limit - remaining) / limit : 0;
    return share > policy.maxSpentShare
      ? medium(
          `${Math.round(share * 100)} % of its limit of $${limit} is spent in the current window.`,
          "Raise the limit, or expect refusals.",
        )
      : undefined;
  },
};

/**
 * Audits keys: of one provider or of several, as `list()` gives them, disabled and expired ones included.
 *
 * @param options.now milliseconds since the epoch; the present unless given
 */
export function audit(
  keys: Iterable<ApiKey>,
  policy: Partial<AuditPolicy> = {},
  options: { now?: number } = {},
): Finding[] {
  const { now = Date.now() } = options;
  const all = [...keys];
  const byName = groups(all, ({ provider, name }) => `${provider} ${name}`);
  const unretired = unretiredIn(all, now);
  const exceptions = groups([...(policy.exceptions ?? defaultPolicy.exceptions)], ({ key }) => key);
  return all.flatMap((key) => {
    const { provider, id, name } = key;
    const facts: Facts = {
      key,
      now,
      policy: { ...defaultPolicy, ...policy },
      told: apiOf(provider).key,
      age: daysBetween(key.createdAt, now),
      left: daysBetween(now, key.expiresAt),
      namesakes: byName.get(`${provider} ${name}`)?.length ?? 0,
      successor: unretired.get(key),
      exceptions: [...new Set([id, name])].flatMap((one) => exceptions.get(one) ?? []),
    };
    const dead = key.disabled === true || (facts.left !== undefined && facts.left <= 0);
    const rules = Object.entries(dead ? RULES_FOR_DEAD : RULES_FOR_LIVE) as [AuditRule, Rule][];
    return rules.flatMap(([rule, judge]) => {
      const verdict = judge(facts);
      return verdict ? [{ rule, provider, id, name, ...excepted(verdict, rule, facts) }] : [];
    });
  });
}

/** The same verdict where no exception is made, and one that has ended is named. */
function excepted(verdict: Verdict, rule: AuditRule, { exceptions, now }: Facts): Verdict {
  const made = exceptions.filter(({ rules }) => rules?.includes(rule) ?? true);
  const current = made.find(({ until }) => Date.parse(until) > now);
  if (current) return { ...verdict, status: "excepted", reason: current.reason };
  const [ended] = made;
  return ended ? { ...verdict, message: `${verdict.message} An exception for it ended on ${ended.until}.` } : verdict;
}

/** For how long a key has not been used, as far as its provider tells; undefined where it does not. */
function idleness({ key, told, age, now }: Facts): { days: number; sentence: string } | undefined {
  const since = daysBetween(key.lastUsedAt, now);
  if (since !== undefined) return { days: since, sentence: `It was last used ${days(since)} ago` };
  if (told.lastUsedAt === undefined || at(key.raw, told.lastUsedAt) !== null || age === undefined) return undefined;
  const recorded = daysBetween(told.useRecordedSince, now) ?? Infinity;
  if (age > recorded) return { days: recorded, sentence: `No use of it is recorded since ${told.useRecordedSince}` };
  // Something has used it, and nobody wrote down when.
  if (told.usage !== undefined && Number(at(key.raw, told.usage)) > 0) return undefined;
  return { days: age, sentence: `It was never used in the ${days(age)} of its life` };
}

function groups<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = found.get(key);
    if (group) group.push(item);
    else found.set(key, [item]);
  }
  return found;
}

/** Undefined where one of them is no time. */
function daysBetween(from: string | number | undefined, to: string | number | undefined): number | undefined {
  const [start, end] = [from, to].map((time) => (typeof time === "number" ? time : Date.parse(time ?? "")));
  const between = ((end ?? NaN) - (start ?? NaN)) / DAY_MS;
  return Number.isNaN(between) ? undefined : between;
}

function days(count: number): string {
  const whole = Math.floor(count);
  return whole === 1 ? "1 day" : `${whole} days`;
}
