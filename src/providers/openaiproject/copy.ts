import type { Copy } from "../../copy.js";
import { comparedLifetime, remaining } from "../openai/lifetime.js";
import { idByRedactedValue } from "../openai/redacted.js";
import type { OpenAIProjectKeys } from "./keys.js";

const copy: Copy<"openaiproject", OpenAIProjectKeys> = {
  everything: () => ({ ownerProjectAccess: "any" }),
  refusal: (_keys, { raw }, { scopes }) =>
    raw.owner.service_account === undefined
      ? "it is no key of a service account, and OpenAI makes the keys of users in its web console alone. Make a new one there, or create a key of a service account"
      : scopes === undefined
        ? 'OpenAI does not tell what a key may do. Give overrides.scopes, such as ["api.all.read"], or [] for all that the service account may'
        : undefined,
  input: ({ raw, expiresAt }, name, overrides, now) => ({
    serviceAccountId: raw.owner.service_account?.id,
    ...remaining(expiresAt, now),
    ...overrides,
    name,
  }),
  compare: ({ raw }, input) => [["name", raw.name, input.name], comparedLifetime(raw, input.expiresIn)],
  identify: (_keys, plaintext, listed) => idByRedactedValue(plaintext, listed),
};

export default copy;
