/** What a person has to know of a provider, and nothing tells. */
import type { ProviderName } from "../key.js";

interface Hint {
  credential: string;
  /** What only the plaintext of a key looks like. */
  plaintext: RegExp;
}

const HINTS: Partial<Record<ProviderName, Hint>> = {
  estuary: {
    credential:
      "It is a key with the permission `all`, made on an Estuary node of your own (the hosted service is discontinued), whose address goes into ESTUARY_BASE_URL.",
    plaintext: /^EST.+ARY$/,
  },
  openrouter: {
    credential: "It has to be a management key, which is made in OpenRouter's web console.",
    plaintext: /^sk-or-/,
  },
  cockroach: {
    credential:
      "It is the secret of a service account's API key, made in the CockroachDB Cloud Console; the account needs ORG_ADMIN, or to read alone CLUSTER_ADMIN or AUDITOR.",
    plaintext: /^CCDB1_[^_]+_/,
  },
};

/** How to get a credential, and how to do without; empty where nothing is known. */
export function howToGetAKey(provider: ProviderName): string {
  const hint = HINTS[provider];
  return hint ? `${hint.credential} To try it without one: \`keysmith sandbox\`.` : "";
}

export function looksLikePlaintext(text: string): boolean {
  return Object.values(HINTS).some(({ plaintext }) => plaintext.test(text));
}
