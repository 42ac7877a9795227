/** What rotation has to know of each provider: how a key is made like another one, and how it is seen to work. */
import type { CockroachCreateInput, CockroachKeys } from "../providers/cockroach/keys.js";
import type { CallPromise } from "../connection.js";
import type { EstuaryCreateInput, EstuaryKeys } from "../providers/estuary/keys.js";
import type { ApiKey, CreatedApiKey } from "../key.js";
import type { KeyList } from "../list.js";
import type { OpenRouterCreateInput, OpenRouterKeys } from "../providers/openrouter/keys.js";
import type { CallOptions } from "../options.js";
import type { Secret } from "../secret.js";

/** The facades whose keys can be rotated. */
export interface RotatingKeys {
  estuary: EstuaryKeys;
  openrouter: OpenRouterKeys;
  cockroach: CockroachKeys;
}

export type RotatingProvider = keyof RotatingKeys;

/** What a create takes, by provider. */
export interface CreateInputs {
  estuary: EstuaryCreateInput;
  openrouter: OpenRouterCreateInput;
  cockroach: CockroachCreateInput;
}

export interface Adapter<P extends RotatingProvider> {
  get(keys: RotatingKeys[P], id: string, options: CallOptions): Promise<ApiKey<P> | undefined>;
  /** Every key, disabled and expired ones too; on OpenRouter those of a workspace, the default one unless given. */
  list(keys: RotatingKeys[P], workspaceId: string | undefined, options: CallOptions): KeyList<P>;
  /** Why this key cannot be rotated, and what to do instead. */
  refusal(
    keys: RotatingKeys[P],
    key: ApiKey<P>,
    overrides: Partial<CreateInputs[P]>,
    options: CallOptions,
  ): Promise<string | undefined>;
  /** What to create, so that it is like the old key. `now`: milliseconds since the epoch. */
  input(key: ApiKey<P>, name: string, overrides: Partial<CreateInputs[P]>, now: number): CreateInputs[P];
  create(keys: RotatingKeys[P], input: CreateInputs[P], options: CallOptions): CallPromise<CreatedApiKey<P>>;
  revoke(keys: RotatingKeys[P], id: string, options: CallOptions): Promise<void>;
  /** The same facade with another credential. */
  as(keys: RotatingKeys[P], apiKey: Secret): RotatingKeys[P];
  /** Each thing that a key has and should not, or the reverse. What the server does not tell is no difference. */
  differences(key: ApiKey<P>, input: CreateInputs[P]): string[];
  /** Uses the credential of `keys`. Rejects where it does not authenticate. */
  authenticate(keys: RotatingKeys[P], options: CallOptions): Promise<unknown>;
  /** Absent where a provider cannot rename. */
  rename?(keys: RotatingKeys[P], id: string, name: string, options: CallOptions): Promise<unknown>;
  /** Switches a key off and renames it, at once. Absent where a provider cannot. */
  disable?(keys: RotatingKeys[P], id: string, name: string, options: CallOptions): Promise<unknown>;
}

const YEAR_MS = 365 * 86_400_000;

const estuary: Adapter<"estuary"> = {
  get: async (keys, id, options) => (await keys.list(undefined, options).toArray()).find((key) => key.id === id),
  list: (keys, _workspaceId, options) => keys.list(undefined, options),
  refusal: (_keys, { raw }, { permissions }) =>
    Promise.resolve(
      raw.isSession === true
        ? "it is a login session, which only a login makes. Create a key instead"
        : permissions === undefined
          ? 'Estuary does not tell what a key may do. Give overrides.permissions, "all" or "upload"'
          : undefined,
    ),
  input: ({ expiresAt = "" }, name, overrides, now) => {
    const leftMs = Date.parse(expiresAt) - now;
    // What was made to last for ever does again; it began with 100 years.
    const expiresIn = leftMs > 50 * YEAR_MS ? "never" : `${Math.ceil(leftMs / 1000)}s`;
    return { ...(Number.isNaN(leftMs) ? {} : { expiresIn }), ...overrides, name };
  },
  create: (keys, input, options) => keys.create(input, options),
  revoke: (keys, id, options) => keys.revoke(id, options),
  as: (keys, apiKey) => keys.with((options) => ({ ...options, apiKey })),
  differences: ({ raw }, { name }) => differing([["label", raw.label, name]]),
  authenticate: (keys, options) => keys.stats(options),
};

const openrouter: Adapter<"openrouter"> = {
  get: (keys, id, options) => keys.get(id, options),
  list: (keys, workspaceId, options) =>
    keys.list({ includeDisabled: true, includeExpired: true, workspaceId }, options),
  refusal: async (keys, { raw }, _overrides, options) => {
    // The API tells of the key in use no id, but the same masked form as of the key in the list.
    const current = await keys.current(options);
    return current.is_management_key && current.label === raw.label
      ? "it is the management key in use, and management keys are made in OpenRouter's web console alone. Rotate it there"
      : undefined;
  },
  input: ({ raw, expiresAt }, name, overrides) => ({
    // Of a limit that never starts over, the successor may spend what is left.
    limit:
      raw.limit_reset === null && typeof raw.limit_remaining === "number"
        ? Math.max(0, raw.limit_remaining)
        : raw.limit,
    limitReset: raw.limit_reset as OpenRouterCreateInput["limitReset"],
    includeByokInLimit: raw.include_byok_in_limit,
    expiresAt,
    workspaceId: raw.workspace_id,
    creatorUserId: raw.creator_user_id ?? undefined,
    external: raw.external_user ? { user: raw.external_user } : undefined,
    ...overrides,
    name,
  }),
  create: (keys, input, options) => keys.create(input, options),
  revoke: (keys, id, options) => keys.revoke(id, options),
  as: (keys, apiKey) => keys.with((options) => ({ ...options, apiKey })),
  differences: ({ raw, disabled }, input) =>
    differing([
      ["name", raw.name, input.name],
      ["limit", raw.limit, input.limit ?? null],
      ["limit_reset", raw.limit_reset, input.limitReset ?? null],
      ["include_byok_in_limit", raw.include_byok_in_limit, input.includeByokInLimit],
      ["expires_at", instant(raw.expires_at), instant(input.expiresAt)],
      ["workspace_id", raw.workspace_id, input.workspaceId],
      ["creator_user_id", raw.creator_user_id, input.creatorUserId],
      ["external_user", raw.external_user, input.external?.user],
      ["disabled", disabled, false],
    ]),
  authenticate: (keys, options) => keys.current(options),
  rename: (keys, id, name, options) => keys.update(id, { name }, options),
  disable: (keys, id, name, options) => keys.update(id, { disabled: true, name }, options),
};

const cockroach: Adapter<"cockroach"> = {
  get: (keys, id, options) => keys.get(id, options),
  list: (keys, _workspaceId, options) => keys.list({}, options),
  refusal: () => Promise.resolve(undefined),
  input: ({ raw }, name, overrides) => ({ serviceAccountId: raw.service_account_id, ...overrides, name }),
  create: (keys, input, options) => keys.create(input, options),
  revoke: (keys, id, options) => keys.revoke(id, options),
  as: (keys, apiKey) => keys.with((options) => ({ ...options, apiKey })),
  differences: ({ raw }, input) =>
    differing([
      ["name", raw.name, input.name],
      ["service_account_id", raw.service_account_id, input.serviceAccountId],
    ]),
  authenticate: async (keys, options) => {
    for await (const _page of keys.list({ pageSize: 1 }, options).pages()) return;
  },
  rename: (keys, id, name, options) => keys.update(id, { name }, options),
};

const adapters: { [P in RotatingProvider]: Adapter<P> } = { estuary, openrouter, cockroach };

export function adapterOf<P extends RotatingProvider>(provider: P): Adapter<P> {
  return adapters[provider];
}

/** Of `[what, found, asked]`, what is told and not as asked. */
function differing(fields: [what: string, found: unknown, asked: unknown][]): string[] {
  return fields
    .filter(([, found, asked]) => found !== undefined && asked !== undefined && found !== asked)
    .map(([what]) => what);
}

/** Times are the same however they are written. */
function instant(time: string | null | undefined): number | null {
  return time ? Date.parse(time) : null;
}
