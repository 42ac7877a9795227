/**
 * The simulated server of each provider of redocly.yaml.
 * Generated: change redocly.yaml and run `npm run generate`.
 */

import estuary from "../src/providers/estuary/sandbox.js";
import openrouter from "../src/providers/openrouter/sandbox.js";
import cockroach from "../src/providers/cockroach/sandbox.js";
import openai from "../src/providers/openai/sandbox.js";
import openaiproject from "../src/providers/openaiproject/sandbox.js";
import cloudflare from "../src/providers/cloudflare/sandbox.js";
import unleash from "../src/providers/unleash/sandbox.js";

export type * from "../src/providers/estuary/sandbox.js";
export type * from "../src/providers/openrouter/sandbox.js";
export type * from "../src/providers/cockroach/sandbox.js";
export type * from "../src/providers/openai/sandbox.js";
export type * from "../src/providers/openaiproject/sandbox.js";
export type * from "../src/providers/cloudflare/sandbox.js";
export type * from "../src/providers/unleash/sandbox.js";

const servers = { estuary, openrouter, cockroach, openai, openaiproject, cloudflare, unleash };
export default servers;
