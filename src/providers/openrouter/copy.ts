import type { Copy } from "../../copy.js";
import type { ApiKey as Key } from "../../../generated/openrouter/types.js";
import type { OpenRouterKeys } from "./keys.js";
import type { OpenRouterCreateInput } from "./words.js";

const copy: Copy<"openrouter", OpenRouterKeys> = {
  everything: (workspaceId) => ({ includeDisabled: true, includeExpired: true, workspaceId }),
  workspaces: ({ raw }, { workspaceId = raw.workspace_id }) => [raw.workspace_id, workspaceId],
  refusal: async (keys, { raw }, { limit }, options) => {
    if (limit === undefined && raw.limit !== null && typeof left(raw) !== "number") {
      return "OpenRouter does not tell what is left of its limit, and its successor could spend it anew. Give overrides.limit";
    }
    // Told as in `identify`.
    const current = await keys.current(options);
    return current.is_management_key && current.label === raw.label
      ? "it is the management key in use, and management keys are made in OpenRouter's web console alone. Rotate it there"
      : undefined;
  },
  input: ({ raw, expiresAt }, name, overrides) => ({
    limit: left(raw),
    limitReset: raw.limit_reset as OpenRouterCreateInput["limitReset"],
    includeByokInLimit: raw.include_byok_in_limit,
    expiresAt,
    workspaceId: raw.workspace_id,
    creatorUserId: raw.creator_user_id ?? undefined,
    external: raw.external_user ? { user: raw.external_user } : undefined,
    ...overrides,
    name,
  }),
  compare: ({ raw, disabled }, input) => [
    ["name", raw.name, input.name],
    ["limit", raw.limit, input.limit ?? null],
    ["limit_reset", raw.limit_reset, input.limitReset ?? null],
    ["include_byok_in_limit", raw.include_byok_in_limit, input.includeByokInLimit],
    ["expires_at", instant(raw.expires_at), instant(input.expiresAt)],
    ["workspace_id", raw.workspace_id, input.workspaceId],
    ["creator_user_id", raw.creator_user_id, input.creatorUserId],
    ["external_user", raw.external_user, input.external?.user],
    ["disabled", disabled, false],
  ],
  authenticate: (keys, options) => keys.current(options),
  // The API tells of the key in use no id, but the same masked form as of the key in the list.
  identify: async (keys, _plaintext, listed, options) => {
    const { label } = await keys.current(options);
    const [found, ...others] = listed.filter(({ raw }) => raw.label === label);
    return others.length === 0 ? found?.id : undefined;
  },
  renamed: (name) => ({ name }),
  disabled: (name) => ({ name, disabled: true }),
};

export default copy;

/** What a key's successor may spend: of a limit that never starts over, what is left. */
function left({ limit, limit_reset, limit_remaining }: Key): number | null | undefined {
  if (limit === null || typeof limit_reset === "string") return limit;
  return typeof limit_remaining === "number" ? Math.max(0, limit_remaining) : undefined;
}

/** Times are the same however they are written. */
function instant(time: string | null | undefined): number | null {
  return time ? Date.parse(time) : null;
}
