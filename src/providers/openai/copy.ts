import type { Copy } from "../../copy.js";
import type { CallOptions } from "../../options.js";
import type { OpenAIKeys } from "./keys.js";
import { comparedLifetime, remaining } from "./lifetime.js";
import { idByRedactedValue } from "./redacted.js";

/** One key is as good as a page of them. */
const authenticate = (keys: OpenAIKeys, options: CallOptions) => keys.list({ pageSize: 1 }, options).pages().next();

const copy: Copy<"openai", OpenAIKeys> = {
  everything: () => ({}),
  input: ({ expiresAt }, name, overrides, now) => ({ ...remaining(expiresAt, now), ...overrides, name }),
  compare: ({ raw }, input) => [["name", raw.name, input.name], comparedLifetime(raw, input.expiresIn)],
  authenticate,
  identify: async (keys, plaintext, listed, options) => {
    // A plaintext that is refused is of no key that lives, whatever its ends look like.
    await authenticate(keys, options);
    return idByRedactedValue(plaintext, listed);
  },
};

export default copy;
