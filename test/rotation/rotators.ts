/** What the tests of rotation need of each provider. */
import { apis } from "../../generated/apis.js";
import type { ApiKey, Keys, ProviderName, RotateOptions, Secret } from "../../src/index.js";
import { findOrphans, type FindOrphansOptions, type Rotation, type TracedKey } from "../../src/index.js";
import { providers } from "../../generated/providers.js";
import type { Sandbox } from "../../src/sandbox/index.js";
import { names, rotated, table } from "../helpers/providers.js";

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
  connect: (sandbox: Sandbox) => Keys;
  findOrphans: (sandbox: Sandbox, options?: FindOrphansOptions) => Promise<TracedKey[]>;
  list: (sandbox: Sandbox) => Promise<ApiKey[]>;
  revoke: (sandbox: Sandbox, id: string) => Promise<void>;
  /** Whether a plaintext key is accepted. */
  works: (sandbox: Sandbox, secret: string) => Promise<boolean>;
  /** The operations of a rotation in which nothing goes wrong. */
  sequence: string[];
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a factory and how its keys are listed belong together by it
function rotator<P extends ProviderName>(provider: P): Rotator {
  const { factory, connect: connectAny, rotation } = table[provider];
  const optionsOf = (
    sandbox: Sandbox,
    fetch: Fetch = sandbox.fetch,
    apiKey: string = sandbox.credentials[provider],
  ) => {
    return { apiKey, baseUrl: apis[provider].baseUrl, fetch, timeoutMs: Infinity, maxRetries: 0 };
  };
  const connect = (...where: Parameters<typeof optionsOf>) => factory(optionsOf(...where));
  return {
    provider,
    issue: rotation.issue,
    sequence: rotation.sequence,
    rotate: (sandbox, id, options, fetch, apiKey) => rotated(provider, optionsOf(sandbox, fetch, apiKey), id, options),
    connect: (sandbox) => connect(sandbox),
    findOrphans: (sandbox, options) => findOrphans<P>(connect(sandbox), options),
    list: async (sandbox) => {
      const copy = await providers[provider].copy();
      return connect(sandbox).list(copy.everything(undefined)).toArray();
    },
    revoke: (sandbox, id) => connect(sandbox).revoke(id),
    works: (sandbox, secret) =>
      connectAny(optionsOf(sandbox, sandbox.fetch, secret))
        .read()
        .then(
          () => true,
          (error: unknown) => (error as { kind?: unknown }).kind === "permission",
        ),
  };
}

export const rotators: Rotator[] = names.map((name) => rotator(name));

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
