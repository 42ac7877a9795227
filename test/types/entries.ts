/** What each provider's own entry gives. */
import * as cockroach from "../../generated/cockroach/index.js";
import {
  createApiKey,
  createClient,
  estuary,
  type EstuaryKeys,
  type UserStats,
} from "../../generated/estuary/index.js";
import {
  api,
  isKeysmithError,
  openrouter,
  Secret,
  type ApiKey,
  type CallOptions,
  type CurrentApiKey,
  type KeyList,
  type wire,
} from "../../generated/openrouter/index.js";
import type { ApiKey as RootApiKey } from "../../src/index.js";
import { createSandbox } from "../../src/sandbox/index.js";

const sandbox = createSandbox();

export const keys: EstuaryKeys = estuary({ apiKey: "a", fetch: sandbox.fetch });
export const stats: Promise<UserStats> = keys.stats();

// A name means the same in every entry, and the schemas of the spec have a namespace.
export const same = (key: ApiKey<"openrouter">): RootApiKey<"openrouter"> => key;
export const hash = ({ raw }: ApiKey<"openrouter">): wire.ApiKey["hash"] => raw.hash;
export const path: keyof wire.paths = api.operations.getApiKey.path;
export type Query = wire.operations["listApiKeys"]["parameters"]["query"];

// What the signatures of a facade mention can be imported beside it.
export const list = (options: CallOptions): KeyList<"openrouter"> =>
  openrouter({ apiKey: new Secret("a") }).list({}, options);
export const current: Promise<CurrentApiKey> = openrouter({ apiKey: "a" }).current();
export const kind = (error: unknown) => (isKeysmithError(error) ? error.kind : undefined);
export const other: cockroach.CockroachKeys["provider"] = cockroach.api.provider;
export const { provider } = openrouter({ apiKey: sandbox.credentials.openrouter });

export async function tokenOf(): Promise<string> {
  const { data, error } = await createApiKey(createClient({ fetch: sandbox.fetch }), {
    params: { query: { label: "a", perms: "upload" } },
  });
  if (!data) throw new Error(error.error.reason);
  return data.token;
}

// @ts-expect-error -- no such parameter
export const wrong = createApiKey(createClient(), { params: { query: { lable: "a" } } });
