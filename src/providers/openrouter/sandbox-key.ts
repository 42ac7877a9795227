import type * as wire from "../../../generated/openrouter/types.js";
import { Spend, windowOf } from "./sandbox-spend.js";
import { microsOf } from "../../sandbox/time.js";

/** What is sent as it is held. */
export type HeldFields = Pick<
  Required<wire.ApiKey>,
  | "hash"
  | "name"
  | "label"
  | "disabled"
  | "created_at"
  | "updated_at"
  | "creator_user_id"
  | "workspace_id"
  | "expires_at"
  | "external_user"
  | "last_used_at"
  | "limit"
  | "include_byok_in_limit"
> & { limit_reset: wire.LimitReset | null };

/** A key as the server holds it. */
export class HeldKey {
  readonly secret: string;
  readonly management: boolean;
  readonly fields: HeldFields;
  readonly spend = new Spend();
  /** Milliseconds since the epoch; `Infinity` where it never expires. */
  readonly expires: number;

  constructor(secret: string, management: boolean, fields: HeldFields) {
    this.secret = secret;
    this.management = management;
    this.fields = fields;
    this.expires = fields.expires_at === null ? Infinity : microsOf(fields.expires_at) / 1000;
  }

  /** As it is listed, with every field there is. */
  shown(now: number): Required<wire.ApiKey> {
    const { hash, name, disabled, created_at, updated_at, workspace_id, external_user, last_used_at } = this.fields;
    const own = { hash, name, disabled, created_at, updated_at, workspace_id, external_user, last_used_at };
    return { ...this.#common(now), ...own };
  }

  /** As it sees itself, with every field there is. */
  current(now: number): Required<wire.CurrentApiKey> {
    const common = this.#common(now);
    const budget = this.#budget(common, now);
    return {
      ...common,
      workspace_id: this.fields.workspace_id,
      is_free_tier: false,
      is_management_key: this.management,
      /* oxlint-disable typescript/no-deprecated -- still sent */
      is_provisioning_key: this.management,
      rate_limit: { requests: -1, interval: "10s", note: "Deprecated." },
      /* oxlint-enable typescript/no-deprecated */
      allowed_data_regions: ["global"],
      free_model_daily_requests: { limit: 1000, remaining: 1000, used: 0 },
      organization_id: null,
      budgets: budget === null ? [] : [budget],
      effective_budget: budget,
    };
  }

  #common(now: number) {
    const { spend } = this;
    const { limit, limit_reset } = this.fields;
    const spent = limit_reset === null ? spend.total : spend.in(limit_reset, now);
    return {
      label: this.fields.label,
      creator_user_id: this.fields.creator_user_id,
      expires_at: this.fields.expires_at,
      limit,
      limit_remaining: limit === null ? null : limit - spent,
      limit_reset,
      include_byok_in_limit: this.fields.include_byok_in_limit,
      usage: spend.total,
      usage_daily: spend.in("daily", now),
      usage_weekly: spend.in("weekly", now),
      usage_monthly: spend.in("monthly", now),
      byok_usage: 0,
      byok_usage_daily: 0,
      byok_usage_weekly: 0,
      byok_usage_monthly: 0,
    };
  }

  /** The key's own limit is a budget too, and in the sandbox the only one. */
  #budget(
    { limit, limit_remaining, limit_reset, include_byok_in_limit }: HeldKeyLimit,
    now: number,
  ): Required<wire.KeyBudget> | null {
    if (limit === null || limit_remaining === null) return null;
    return {
      budget_id: null,
      guardrail_id: null,
      include_byok: include_byok_in_limit,
      limit_usd: limit,
      remaining_usd: limit_remaining,
      reset_interval: limit_reset,
      resets_at: limit_reset && new Date(windowOf(limit_reset, now).end).toISOString(),
      scope: "key_limit",
      spend_usd: limit - limit_remaining,
    };
  }
}

type HeldKeyLimit = Pick<HeldFields, "limit" | "limit_reset" | "include_byok_in_limit"> & {
  limit_remaining: number | null;
};
