import type { AuditRule } from "../../index.js";

/** What each rule finds, as a heading of the keys that it found. */
export const RULE_TITLES: Readonly<Record<AuditRule, string>> = {
  unretired: "Replaced by a rotation, and still alive",
  "expires-soon": "Expires soon",
  age: "Older than the policy allows",
  unused: "Not used for longer than the policy allows",
  "no-limit": "Can spend without limit",
  "limit-spent": "Has spent most of its limit",
  life: "Never expires",
  "duplicate-name": "Has the name of another key",
  disabled: "Disabled, and still there",
  expired: "Expired, and still listed",
};

export const auditRules = Object.keys(RULE_TITLES) as AuditRule[];
