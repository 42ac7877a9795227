/**
 * The package's entry openrouter: its facade, its client, its types.
 * Generated: change scripts/render/ and run `npm run generate`.
 */
export * from "../../src/openrouter.js";
export * from "./client.js";
export type * from "./types.js";
