/** Operations as rows of a table: how each is called, and what a server that works answers. */
import type { Operation } from "./operation.js";
import { ofCloudflare } from "./operations/cloudflare.js";
import { ofCockroach } from "./operations/cockroach.js";
import { ofEstuary } from "./operations/estuary.js";
import { ofOpenAI } from "./operations/openai.js";
import { ofOpenRouter } from "./operations/openrouter.js";
import { ofUnleash } from "./operations/unleash.js";

export const operations: readonly Operation[] = [
  ...ofEstuary,
  ...ofOpenRouter,
  ...ofCockroach,
  ...ofOpenAI,
  ...ofCloudflare,
  ...ofUnleash,
];
