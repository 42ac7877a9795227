/** What each provider's own entry gives. */
import type { ApiKey } from "../../src/index.js";
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
  openrouter,
  type ApiKey as WireApiKey,
  type operations,
  type paths,
} from "../../generated/openrouter/index.js";
import { createSandbox } from "../../src/sandbox/index.js";

const sandbox = createSandbox();

export const keys: EstuaryKeys = estuary({ apiKey: "a", fetch: sandbox.fetch });
export const stats: Promise<UserStats> = keys.stats();

// A name of a provider's entry is the provider's own: there, ApiKey is the schema.
export const wire = ({ raw }: ApiKey<"openrouter">): WireApiKey["hash"] => raw.hash;
export const path: keyof paths = api.operations.getApiKey.path;
export type Query = operations["listApiKeys"]["parameters"]["query"];
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
