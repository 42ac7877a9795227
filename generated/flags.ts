/**
 * What the command can say of the keys of each provider of redocly.yaml.
 * Generated: change redocly.yaml and run `npm run generate`.
 */
import type { Providers } from "./index.js";
import type { ProviderFlags } from "../src/flags.js";
import estuary from "../src/providers/estuary/flags.js";
import openrouter from "../src/providers/openrouter/flags.js";
import cockroach from "../src/providers/cockroach/flags.js";
import openai from "../src/providers/openai/flags.js";
import openaiproject from "../src/providers/openaiproject/flags.js";
import cloudflare from "../src/providers/cloudflare/flags.js";
import unleash from "../src/providers/unleash/flags.js";

export const flags: Readonly<Record<keyof Providers, ProviderFlags>> = {
  estuary,
  openrouter,
  cockroach,
  openai,
  openaiproject,
  cloudflare,
  unleash,
};
