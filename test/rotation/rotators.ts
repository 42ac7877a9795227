/** The providers as rows of a table, and what the tests of rotation need of each. */
import { cockroach, estuary, openrouter, type ApiKey, type Secret } from "../../src/index.js";
import type { Keys, ProviderName, RotateOptions } from "../../src/index.js";
import { findOrphans, rotate, type FindOrphansOptions, type Rotation, type TracedKey } from "../../src/index.js";
import { providers } from "../../generated/providers.js";
import type { Sandbox } from "../../src/sandbox/index.js";

type Fetch = Sandbox["fetch"];

export interface Rotator {
  provider: ProviderName;
  /** What the old key is made with. */
  issue: (sandbox: Sandbox) => { id: string; secret: string };
  rotate: (
    sandbox: Sandbox,
    id: string,
    options: Omit<RotateOptions<ProviderName>, "overrides">,
    fetch?: Fetch,
    apiKey?: string,
  ) => Promise<Rotation>;
  findOrphans: (sandbox: Sandbox, options?: FindOrphansOptions) => Promise<TracedKey[]>;
  list: (sandbox: Sandbox) => Promise<ApiKey[]>;
  revoke: (sandbox: Sandbox, id: string) => Promise<void>;
  /** Whether a plaintext key is accepted. */
  works: (sandbox: Sandbox, secret: string) => Promise<boolean>;
  /** The operations of a rotation in which nothing goes wrong. */
  sequence: string[];
}

const factories = { estuary, openrouter, cockroach };
type Facade<P extends ProviderName> = ReturnType<(typeof factories)[P]>;

function row<P extends ProviderName>(
  provider: P,
  issue: Rotator["issue"],
  sequence: string[],
  probe: (keys: Facade<P>) => Promise<unknown>,
  overrides: RotateOptions<P>["overrides"] = {},
): Rotator {
  // The table is typed by its rows: a factory, its keys and its options belong together.
  const connect = (sandbox: Sandbox, fetch: Fetch = sandbox.fetch, apiKey: string = sandbox.credentials[provider]) =>
    factories[provider]({ apiKey, fetch, timeoutMs: Infinity, maxRetries: 0 }) as unknown as Keys<P> & Facade<P>;
  return {
    provider,
    issue,
    sequence,
    rotate: (sandbox, id, options, fetch, apiKey) =>
      rotate<P>(connect(sandbox, fetch, apiKey), id, { ...(options as RotateOptions<P>), overrides }),
    findOrphans: (sandbox, options) => findOrphans<P>(connect(sandbox), options),
    list: async (sandbox) => {
      const copy = await providers[provider].copy();
      return connect(sandbox).list(copy.everything(undefined)).toArray();
    },
    revoke: (sandbox, id) => connect(sandbox).revoke(id),
    works: (sandbox, secret) =>
      probe(connect(sandbox, sandbox.fetch, secret)).then(
        () => true,
        (error: unknown) => (error as { kind?: unknown }).kind === "permission",
      ),
  };
}

export const rotators: Rotator[] = [
  row(
    "estuary",
    (sandbox) => sandbox.issue("estuary", { label: "ci" }),
    // prettier-ignore
    ["listApiKeys", "listApiKeys", "createApiKey", "listApiKeys", "getUserStats", "listApiKeys", "getUserStats", "listApiKeys", "deleteApiKey", "listApiKeys"],
    (keys) => keys.stats(),
    { permissions: "all" },
  ),
  row(
    "openrouter",
    (sandbox) => sandbox.issue("openrouter", { name: "ci", limit: 20 }),
    // prettier-ignore
    ["getApiKey", "getCurrentApiKey", "listApiKeys", "listApiKeys", "createApiKey", "listApiKeys", "listApiKeys", "getCurrentApiKey", "listApiKeys", "listApiKeys", "getCurrentApiKey", "deleteApiKey", "updateApiKey"],
    (keys) => keys.current(),
  ),
  row(
    "cockroach",
    (sandbox) => sandbox.issue("cockroach", { name: "ci" }),
    // prettier-ignore
    ["getApiKey", "listApiKeys", "createApiKey", "listApiKeys", "listApiKeys", "listApiKeys", "listApiKeys", "deleteApiKey", "updateApiKey"],
    (keys) => keys.list({ pageSize: 1 }).toArray(),
  ),
];

/** A store as a caller would have: it holds one key, atomically. */
export function memoryStore(first: { id: string; secret: string }) {
  let current = first;
  return {
    get current() {
      return current;
    },
    store: (secret: Secret, { id }: ApiKey) => {
      current = { id, secret: secret.reveal() };
    },
    held: (id: string) => current.id === id,
    read: (): string | undefined => current.secret,
  };
}
