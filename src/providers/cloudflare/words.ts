/** What a caller says of Cloudflare's API tokens. */
import type { NewTokenPolicy, TokenCondition, WireApiKey } from "../../../generated/cloudflare/types.js";

export interface CloudflareFilter {
  /** Tokens that have recently expired, too. Not unless given. */
  includeExpired?: boolean | undefined;
  /** How many tokens are asked for at once, 5 to 50. 50 unless given. */
  pageSize?: number | undefined;
}

export interface CloudflareCreateInput {
  /** For people; at most 120 characters. */
  name: string;
  /** What it may do, in the API's own words: as `raw.policies` of a token has them, but for the ids of the policies. */
  policies: NewTokenPolicy[];
  /** Where it may be used from, in the API's own words. Everywhere unless given. */
  condition?: TokenCondition | undefined;
  /** When it begins to work, in UTC with seconds, such as `2027-12-31T23:59:59Z`. At once unless given. */
  notBefore?: string | undefined;
  /** When it stops working, written likewise. Never unless given. */
  expiresAt?: string | undefined;
}

/** What is left out stays as it is. */
export interface CloudflarePatch {
  name?: string | undefined;
  disabled?: boolean | undefined;
  /** All that it may do from now on: not what is added. */
  policies?: NewTokenPolicy[] | undefined;
  /** Null: it may be used from everywhere. */
  condition?: TokenCondition | null | undefined;
  /** Null: it works from now on. */
  notBefore?: string | null | undefined;
  /** Null: it does not expire. */
  expiresAt?: string | null | undefined;
}

export interface CloudflareWords {
  wire: WireApiKey;
  filter: CloudflareFilter;
  input: CloudflareCreateInput;
  patch: CloudflarePatch;
}

export type { NewTokenPolicy, TokenCondition, CloudflareWords as default };
