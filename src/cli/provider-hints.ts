/** What a person has to know of a provider, and nothing tells. */
import type { ProviderName } from "../key.js";

/** How a credential is come by. */
const HINTS: Partial<Record<ProviderName, string>> = {
  estuary:
    "It is a key with the permission `all`, made on an Estuary node of your own (the hosted service is discontinued), whose address goes into ESTUARY_BASE_URL.",
  openrouter: "It has to be a management key, which is made in OpenRouter's web console.",
  cockroach:
    "It is the secret of a service account's API key, made in the CockroachDB Cloud Console; the account needs ORG_ADMIN, or to read alone CLUSTER_ADMIN or AUDITOR.",
};

/** How to get a credential, and how to do without; empty where nothing is known. */
export function howToGetAKey(provider: ProviderName): string {
  const hint = HINTS[provider];
  return hint ? `${hint} To try it without one: \`keysmith sandbox\`.` : "";
}
