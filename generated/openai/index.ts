/**
 * The package's entry openai: its facade, its client, its types.
 * Generated: change scripts/render/ and run `npm run generate`.
 */
export * from "../../src/providers/openai/keys.js";
export * from "../../src/common.js";
export * from "./client.js";
export type * as wire from "./types.js";
