/** Whether two tokens may do the same: the server gives policies, permission groups and ranges in an order of its own. */
import type { ApiKey, NewTokenPolicy, TokenCondition } from "../../../generated/cloudflare/types.js";
import type { Comparison } from "../../copy.js";
import { isObject } from "../../json.js";

interface Settings {
  policies: unknown;
  condition?: TokenCondition | undefined;
  not_before?: string | undefined;
  expires_on?: string | undefined;
}

/** What a token may do, where and when, beside what was asked for: each pair is equal where it comes to the same. */
export function comparisons(token: ApiKey, asked: Settings): Comparison[] {
  return [
    ["policies", policiesText(token.policies), policiesText(asked.policies)],
    ["condition", conditionText(token.condition), conditionText(asked.condition)],
    ["not_before", instant(token.not_before), instant(asked.not_before)],
    ["expires_on", instant(token.expires_on), instant(asked.expires_on)],
  ];
}

/** The policies of a token as they are sent: each gets an id when it is written. Undefined where none are told. */
export function toSend({ policies }: Pick<ApiKey, "policies">): NewTokenPolicy[] | undefined {
  // A server may send anything.
  return Array.isArray(policies)
    ? policies.map((policy) => (isObject(policy) ? withoutId(policy) : policy))
    : undefined;
}

function withoutId<Policy extends object>(policy: Policy): Omit<Policy, "id"> {
  return Object.fromEntries(Object.entries(policy).filter(([name]) => name !== "id")) as Omit<Policy, "id">;
}

/** A time in milliseconds since the epoch, however it is written; null for none. */
export function instant(time: string | null | undefined): number | null {
  return time ? Date.parse(time) : null;
}

function policiesText(policies: unknown): string {
  const told = (Array.isArray(policies) ? policies : [policies]).map((policy: unknown) => {
    if (!isObject(policy)) return policy;
    const { permission_groups: groups } = policy;
    // The server adds names.
    const ids = Array.isArray(groups)
      ? groups.map((group: unknown) => (isObject(group) ? group["id"] : group))
      : groups;
    return { ...withoutId(policy), permission_groups: ids };
  });
  return JSON.stringify(canonical(told));
}

/** What a condition restricts. Empty where it restricts nothing. */
function conditionText(condition: Settings["condition"]): string {
  const { "request.ip": older, ...rest } = condition ?? {};
  return JSON.stringify(canonical({ ...(older && { request_ip: older }), ...rest }) ?? "");
}

/** The same for values that differ in the order of lists and fields alone, or in fields that say nothing. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((one) => JSON.stringify(canonical(one) ?? null)))].sort();
  if (!isObject(value)) return value ?? undefined;
  const entries = Object.entries(value).flatMap(([name, inner]) => {
    const same = canonical(inner);
    return same === undefined ? [] : [[name, same] as const];
  });
  return entries.length > 0 ? Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1))) : undefined;
}
