/**
 * What the spec of each provider of redocly.yaml says of its API and of each operation, as data.
 * Generated: change redocly.yaml and run `npm run generate`.
 */

import { api as estuary } from "./estuary/api.js";
import { api as openrouter } from "./openrouter/api.js";
import { api as cockroach } from "./cockroach/api.js";
import { api as openai } from "./openai/api.js";
import { api as openaiproject } from "./openaiproject/api.js";
import { api as cloudflare } from "./cloudflare/api.js";
import { api as unleash } from "./unleash/api.js";

export const apis = { estuary, openrouter, cockroach, openai, openaiproject, cloudflare, unleash };
