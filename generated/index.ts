/**
 * The providers of redocly.yaml.
 * Generated: change it and run `npm run generate`.
 */
import type * as estuary from "./estuary/types.js";
import type estuaryWords from "../src/providers/estuary/words.js";
import type * as openrouter from "./openrouter/types.js";
import type openrouterWords from "../src/providers/openrouter/words.js";
import type * as cockroach from "./cockroach/types.js";
import type cockroachWords from "../src/providers/cockroach/words.js";

export type { estuary, openrouter, cockroach };
export type * from "../src/providers/estuary/words.js";
export type * from "../src/providers/openrouter/words.js";
export type * from "../src/providers/cockroach/words.js";

/** By provider: a key as its server sends it, and what a caller says of keys. */
export interface Providers {
  estuary: estuaryWords;
  openrouter: openrouterWords;
  cockroach: cockroachWords;
}
