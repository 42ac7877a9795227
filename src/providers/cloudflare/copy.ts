import type { Copy } from "../../copy.js";
import { AuthenticationError } from "../../http/errors.js";
import { failure } from "../../http/failure.js";
import type { CloudflareKeys } from "./keys.js";
import { comparisons, instant, toSend } from "./same.js";

const copy: Copy<"cloudflare", CloudflareKeys> = {
  everything: () => ({ includeExpired: true }),
  refusal: (_keys, { raw }, { policies = toSend(raw), notBefore = raw.not_before }) =>
    policies === undefined
      ? "Cloudflare does not tell what it may do. Give overrides.policies"
      : (instant(notBefore) ?? 0) > Date.now()
        ? `it does not work before ${String(notBefore)}, and its successor could not be verified. Rotate it then`
        : undefined,
  input: ({ raw, expiresAt }, name, overrides) => ({
    policies: toSend(raw) ?? [],
    condition: raw.condition,
    notBefore: raw.not_before,
    expiresAt,
    ...overrides,
    name,
  }),
  compare: ({ raw, disabled }, input) => [
    ["name", raw.name, input.name],
    ...comparisons(raw, { ...input, not_before: input.notBefore, expires_on: input.expiresAt }),
    ["disabled", disabled, false],
  ],
  authenticate: async (keys, options) => {
    const { status } = await keys.current(options);
    // It is known all the same.
    if (status === "active") return;
    throw failure(
      AuthenticationError,
      { provider: keys.provider, operation: "verifyApiKey" },
      "the token is known, and not active. Look at its status.",
    );
  },
  identify: async (keys, _plaintext, _listed, options) => (await keys.current(options)).id,
  renamed: (name) => ({ name }),
  disabled: (name) => ({ name, disabled: true }),
};

export default copy;
