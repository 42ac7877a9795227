/**
 * The providers of redocly.yaml.
 * Generated: change it and run `npm run generate`.
 */
import type * as estuary from "./estuary/types.js";
import type * as openrouter from "./openrouter/types.js";
import type * as cockroach from "./cockroach/types.js";

export type { estuary, openrouter, cockroach };

/** By provider: a key as its server sends it, without the fields that hold plaintext. */
export interface WireApiKeys {
  estuary: estuary.WireApiKey;
  openrouter: openrouter.WireApiKey;
  cockroach: cockroach.WireApiKey;
}
