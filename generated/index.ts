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
import type * as openai from "./openai/types.js";
import type openaiWords from "../src/providers/openai/words.js";
import type * as openaiproject from "./openaiproject/types.js";
import type openaiprojectWords from "../src/providers/openaiproject/words.js";
import type * as cloudflare from "./cloudflare/types.js";
import type cloudflareWords from "../src/providers/cloudflare/words.js";
import type * as unleash from "./unleash/types.js";
import type unleashWords from "../src/providers/unleash/words.js";

export type { estuary, openrouter, cockroach, openai, openaiproject, cloudflare, unleash };
export type * from "../src/providers/estuary/words.js";
export type * from "../src/providers/openrouter/words.js";
export type * from "../src/providers/cockroach/words.js";
export type * from "../src/providers/openai/words.js";
export type * from "../src/providers/openaiproject/words.js";
export type * from "../src/providers/cloudflare/words.js";
export type * from "../src/providers/unleash/words.js";

/** By provider: a key as its server sends it, and what a caller says of keys. */
export interface Providers {
  estuary: estuaryWords;
  openrouter: openrouterWords;
  cockroach: cockroachWords;
  openai: openaiWords;
  openaiproject: openaiprojectWords;
  cloudflare: cloudflareWords;
  unleash: unleashWords;
}
