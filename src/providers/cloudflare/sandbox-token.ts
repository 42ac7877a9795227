import type * as wire from "../../../generated/cloudflare/types.js";
import { isFilled, isObject, isText, type Fields } from "../../sandbox/fields.js";
import { randomHex } from "../../sandbox/random.js";
import { microsOf, parseRfc3339, rfc3339 } from "../../sandbox/time.js";

/** Who has a token: an account by its id, or the user. */
export type Owner = string | undefined;

/** What a caller says of a token, and what is lost where it is not said again. */
export type TokenSettings = Pick<
  wire.ApiKey,
  "name" | "policies" | "condition" | "not_before" | "expires_on" | "status"
> & { policies: wire.TokenPolicy[] };

/** A token as the server holds it. Times in milliseconds since the epoch. */
export interface HeldToken {
  id: string;
  owner: Owner;
  secret: string;
  settings: TokenSettings;
  issued: number;
  modified: number;
  lastUsed: number | undefined;
}

/** As it is listed. */
export function shown({ id, settings, issued, modified, lastUsed }: HeldToken, now: number): wire.ApiKey {
  return {
    id,
    ...settings,
    status: statusOf(settings, now),
    issued_on: rfc3339(issued),
    modified_on: rfc3339(modified),
    ...(lastUsed !== undefined && { last_used_on: rfc3339(lastUsed) }),
  };
}

export function statusOf({ status = "active", expires_on }: TokenSettings, now: number): string {
  return status === "active" && expires_on !== undefined && microsOf(expires_on) / 1000 <= now ? "expired" : status;
}

/** Whether a token opens anything at this time. */
export function isLive(token: HeldToken, now: number): boolean {
  const { not_before } = token.settings;
  const begun = not_before === undefined || microsOf(not_before) / 1000 <= now;
  return begun && statusOf(token.settings, now) === "active";
}

/** The permission groups of the tokens themselves. Their ids are the sandbox's own. */
export const groups = {
  userWrite: { id: "0".repeat(31) + "1", name: "API Tokens Write" },
  userRead: { id: "0".repeat(31) + "2", name: "API Tokens Read" },
  accountWrite: { id: "0".repeat(31) + "3", name: "Account API Tokens Write" },
  accountRead: { id: "0".repeat(31) + "4", name: "Account API Tokens Read" },
} as const;

/** Whether a token may read, or write, the tokens of an owner. A denial wins. */
export function mayManage({ settings }: HeldToken, owner: Owner, write: boolean): boolean {
  const [writing, reading] =
    owner === undefined ? [groups.userWrite, groups.userRead] : [groups.accountWrite, groups.accountRead];
  const needed: string[] = write ? [writing.id] : [writing.id, reading.id];
  const kind = owner === undefined ? "com.cloudflare.api.user" : "com.cloudflare.api.account";
  const touches = ({ resources, permission_groups }: wire.TokenPolicy) =>
    Object.keys(resources).some((name) => name === `${kind}.*` || name === `${kind}.${owner ?? USER}`) &&
    permission_groups.some(({ id }) => needed.includes(id));
  const effects = settings.policies.filter(touches).map(({ effect }) => effect);
  return effects.includes("allow") && !effects.includes("deny");
}

/** The sandbox's only user. */
const USER = "f".repeat(32);

/** Reads what a creation and an update say alike. */
export function readSettings(fields: Fields): TokenSettings {
  const time = "a time in UTC with seconds, such as 2027-12-31T23:59:59Z";
  const not_before = fields.optional("not_before", isUtcTime, time);
  const expires_on = fields.optional("expires_on", isUtcTime, time);
  const condition = fields.optional("condition", isCondition, "an object of request_ip: {in, not_in}, lists of ranges");
  const given = fields.required("policies", isPolicies, "a list of {effect, permission_groups, resources}, not empty");
  return {
    name: fields.required("name", isName, "1 to 120 characters"),
    // Whoever relies on the order or the ids of policies is wrong.
    policies: given
      .map((policy) => ({ ...policy, id: randomHex(32), permission_groups: sorted(policy.permission_groups) }))
      .sort((one, other) => one.id.localeCompare(other.id)),
    ...(condition && { condition }),
    ...(not_before !== undefined && { not_before }),
    ...(expires_on !== undefined && { expires_on }),
  };

  function isPolicies(value: unknown): value is wire.NewTokenPolicy[] {
    if (!Array.isArray(value) || value.length === 0) return false;
    return value.every((policy: unknown) => isPolicy(policy));
  }
}

const sorted = (some: wire.PermissionGroup[]) => [...some].sort((one, other) => one.id.localeCompare(other.id));

const isName = (value: unknown): value is string => isFilled(value) && value.length <= 120;
const isUtcTime = (value: unknown): value is string =>
  isText(value) && value.endsWith("Z") && parseRfc3339(value) !== undefined;

function isPolicy(value: unknown): value is wire.NewTokenPolicy {
  if (!isObject(value)) return false;
  const { effect, permission_groups: groups, resources } = value;
  return (
    (effect === "allow" || effect === "deny") &&
    Array.isArray(groups) &&
    groups.length > 0 &&
    groups.every((group: unknown) => isObject(group) && isFilled(group["id"])) &&
    isObject(resources) &&
    Object.values(resources).some(Boolean) &&
    Object.values(resources).every((one) => isText(one) || (isObject(one) && Object.values(one).every(isText)))
  );
}

function isCondition(value: unknown): value is wire.TokenCondition {
  if (!isObject(value)) return false;
  // The provider's guide has the second name.
  const known = ["request_ip", "request.ip"];
  return Object.entries(value).every(([name, some]) => known.includes(name) && isObject(some) && areRanges(some));
}

function areRanges(ranges: Record<string, unknown>): boolean {
  return Object.entries(ranges).every(
    ([name, some]) => ["in", "not_in"].includes(name) && Array.isArray(some) && some.every(isRange),
  );
}

const isRange = (value: unknown): boolean => isText(value) && /^[\d.a-f:]+\/\d{1,3}$/i.test(value);
