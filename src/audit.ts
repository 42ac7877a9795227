/** What is wrong with keys, by the figures that others have published. Pure: reads the keys that it is given, nothing else. */
import { fingerprint, traceOf } from "./rotation/trace.js";
import type { ApiKey, ProviderName } from "./key.js";

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
  /** Never expires, though its provider can have it expire, or later than this. 10,000: Estuary's never is 100 years. */
  maxLifeDays: number | false;
  /** Has expired and is still listed. */
  expired: boolean;
  /** Has the name of another key of its provider. */
  duplicateName: boolean;
  /** Is disabled and still there. */
  disabled: boolean;
  /** Was to be replaced by a rotation, whose new key is there, and still lives. */
  unretired: boolean;
  /** Can spend without limit (OpenRouter). */
  noLimit: boolean;
  /** Has spent more than this share of its limit in the current window (OpenRouter). 0.9. */
  maxSpentShare: number | false;
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
  /** `unknown`: the provider does not tell what the rule asks for, so that nothing can be said. That is not fine. */
  status: "finding" | "unknown";
  severity: "high" | "medium" | "low";
  provider: ProviderName;
  id: string;
  name: string;
  /** What is so. */
  message: string;
  /** What to do about it. */
  advice: string;
}

const DAY_MS = 86_400_000;

/**
 * Audits keys: of one provider or of several, as `list()` gives them, disabled and expired ones included.
 *
 * @param options.now milliseconds since the epoch; the present unless given
 */
export function audit(
  keys: Iterable<ApiKey>,
  policy: Partial<AuditPolicy> = {},
  { now = Date.now() }: { now?: number } = {},
): Finding[] {
  const all = [...keys];
  const rules = { ...defaultPolicy, ...policy };
  const byName = groups(all, ({ provider, name }) => `${provider} ${name}`);
  const successors = groups(all, (key) => `${key.provider} ${traceOf(key)?.predecessor ?? ""}`);
  return all.flatMap((key) => {
    const { provider, id, name } = key;
    const findings: Finding[] = [];
    const report = (
      rule: AuditRule,
      severity: Finding["severity"],
      message: string,
      advice: string,
      status: Finding["status"] = "finding",
    ) => findings.push({ rule, status, severity, provider, id, name, message, advice });
    const unknown = (rule: AuditRule, what: string, advice: string) =>
      report(rule, "low", `${provider} does not tell ${what}.`, advice, "unknown");

    const age = daysBetween(key.createdAt, now);
    const left = daysBetween(now, key.expiresAt);
    const expired = left !== undefined && left <= 0;
    if (rules.expired && expired)
      report("expired", "low", `It expired ${days(-left)} ago and is still listed.`, "Revoke it.");
    if (rules.disabled && key.disabled)
      report("disabled", "low", "It is disabled and still there.", "Revoke it, or enable it.");
    // What cannot be used any more can neither be stolen nor run out.
    if (expired || key.disabled) return findings;

    if (rules.maxAgeDays !== false) {
      if (age === undefined)
        unknown("age", "when it was created", "Note it where you keep the key, and rotate by that.");
      else if (age > rules.maxAgeDays) {
        report("age", "medium", `It is ${days(age)} old; the policy allows ${rules.maxAgeDays}.`, "Rotate it.");
      }
    }
    if (rules.maxUnusedDays !== false) {
      const use = lastUse(key);
      if (use === undefined)
        unknown("unused", "when it was last used", "Ask whoever has it, or rotate it and see who complains.");
      else {
        const idle = use === "never" ? age : daysBetween(use, now);
        if (idle !== undefined && idle > rules.maxUnusedDays) {
          const since =
            use === "never"
              ? `It was never used in the ${days(idle)} of its life`
              : `It was last used ${days(idle)} ago`;
          report(
            "unused",
            "medium",
            `${since}; the policy allows ${rules.maxUnusedDays}.`,
            "Revoke it, unless somebody needs it.",
          );
        }
      }
    }
    const expires = provider !== "cockroach";
    if (rules.maxLifeDays !== false && expires && (left === undefined || left > rules.maxLifeDays)) {
      const message = left === undefined ? "It never expires." : `It expires in ${days(left)}, which is never.`;
      report("life", "low", message, "Rotate it into one that expires.");
    }
    if (left !== undefined && rules.expiresVerySoonDays !== false && left <= rules.expiresVerySoonDays) {
      report("expires-soon", "high", `It expires in ${days(left)}.`, "Rotate it now.");
    } else if (left !== undefined && rules.expiresSoonDays !== false && left <= rules.expiresSoonDays) {
      report("expires-soon", "medium", `It expires in ${days(left)}.`, "Rotate it in time.");
    }
    const namesakes = byName.get(`${provider} ${name}`)?.length ?? 0;
    if (rules.duplicateName && name !== "" && namesakes > 1) {
      report(
        "duplicate-name",
        "low",
        `${namesakes} keys of ${provider} have its name.`,
        "Rename or revoke, so that each is known.",
      );
    }
    const [successor] = successors.get(`${provider} ${fingerprint(provider, id)}`) ?? [];
    if (rules.unretired && successor) {
      report(
        "unretired",
        "high",
        `A rotation made ${successor.id} to replace it, and it still lives.`,
        "Run the rotation again, or revoke what is not in use.",
      );
    }
    const { limit, limit_remaining: remaining } = key.raw as { limit?: unknown; limit_remaining?: unknown };
    if (rules.noLimit && limit === null) report("no-limit", "medium", "It can spend without limit.", "Set a limit.");
    if (rules.maxSpentShare !== false && typeof limit === "number" && limit > 0 && typeof remaining === "number") {
      const share = (limit - remaining) / limit;
      if (share > rules.maxSpentShare) {
        report(
          "limit-spent",
          "medium",
          `${Math.round(share * 100)} % of its limit of $${limit} is spent in the current window.`,
          "Raise the limit, or expect refusals.",
        );
      }
    }
    return findings;
  });
}

/** When a key was last used; undefined where the provider does not tell. */
function lastUse({ lastUsedAt, raw }: ApiKey): string | undefined {
  return lastUsedAt ?? ("last_used_at" in raw && raw.last_used_at === null ? "never" : undefined);
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
