/** What a caller says of OpenRouter's keys. */
import type { LimitReset, WireApiKey } from "../../../generated/openrouter/types.js";
import type { Secret } from "../../secret.js";

export interface OpenRouterFilter {
  /** Disabled keys, too. Left out, the server hides them. */
  includeDisabled?: boolean | undefined;
  /** Expired keys, too. Left out, the server hides them. */
  includeExpired?: boolean | undefined;
  /** The workspace (a UUID) whose keys are listed. The default workspace unless given. */
  workspaceId?: string | undefined;
}

export interface OpenRouterCreateInput {
  /** For people. At least one character; need not be unique. */
  name: string;
  /** The most that the key may spend, in US dollars: in each window where `limitReset` is given, in all where not. `null`: no limit. */
  limit?: number | null | undefined;
  /** When the spend starts over: at midnight UTC of each day, of each Monday, or of each first of a month. `null`: never. */
  limitReset?: LimitReset | null | undefined;
  /** Whether what is paid with the account's own provider keys (BYOK) counts towards the limit. */
  includeByokInLimit?: boolean | undefined;
  /** When the key stops working: RFC 3339 in UTC, with seconds (`2027-12-31T23:59:59Z`). Never unless given; it cannot be changed later. */
  expiresAt?: string | null | undefined;
  /** The member of the organization for whom the key is made. */
  creatorUserId?: string | null | undefined;
  /** The workspace (a UUID) that the key belongs to. The default workspace unless given. */
  workspaceId?: string | undefined;
  /**
   * Links it to a user of yours. `apiKey`, 32 to 512 characters, is no plaintext for the new key, but a key by which your own
   * systems know that user. OpenRouter keeps its hash, and never tells it: a rotation copies `user` alone.
   */
  external?: { user: string; apiKey?: string | Secret | undefined } | undefined;
}

/** What an update sets. What is left out stays as it is; the expiry cannot be changed. */
export interface OpenRouterPatch {
  /** For people. At least one character. */
  name?: string | undefined;
  /** `true` switches the key off, `false` on again. */
  disabled?: boolean | undefined;
  /** The most that the key may spend, in US dollars. `null`: no limit. */
  limit?: number | null | undefined;
  /** When the spend starts over, at midnight UTC. `null`: never. */
  limitReset?: LimitReset | null | undefined;
  /** Whether what is paid with the account's own provider keys (BYOK) counts towards the limit. */
  includeByokInLimit?: boolean | undefined;
  /** Moves the key to this workspace (a UUID). */
  workspaceId?: string | undefined;
}

export interface OpenRouterWords {
  wire: WireApiKey;
  filter: OpenRouterFilter;
  input: OpenRouterCreateInput;
  patch: OpenRouterPatch;
}

export type { LimitReset, OpenRouterWords as default };
