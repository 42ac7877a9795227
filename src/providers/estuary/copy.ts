import type { Copy } from "../../copy.js";
import { sha256 } from "../../sha256.js";
import type { EstuaryKeys } from "./keys.js";

const YEAR_MS = 365 * 86_400_000;

const copy: Copy<"estuary", EstuaryKeys> = {
  everything: () => undefined,
  revokesSilently: true,
  refusal: (_keys, { raw }, { permissions }) =>
    raw.isSession === true
      ? "it is a login session, which only a login makes. Create a key instead"
      : permissions === undefined
        ? 'Estuary does not tell what a key may do. Give overrides.permissions, "all" or "upload"'
        : undefined,
  input: ({ expiresAt = "" }, name, overrides, now) => {
    const leftMs = Date.parse(expiresAt) - now;
    // What was made to last for ever does again; it began with 100 years.
    const expiresIn = leftMs > 50 * YEAR_MS ? "never" : `${Math.ceil(leftMs / 1000)}s`;
    return { ...(Number.isNaN(leftMs) ? {} : { expiresIn }), ...overrides, name };
  },
  compare: ({ raw }, { name }) => [["label", raw.label, name]],
  // Less than the list, which is as long as the account has keys.
  authenticate: (keys, options) => keys.stats(options),
  // The id is the hash of the token.
  identify: (_keys, plaintext) => sha256(plaintext),
};

export default copy;
