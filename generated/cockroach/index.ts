/**
 * The package's entry cockroach: its facade, its client, its types.
 * Generated: change scripts/render/ and run `npm run generate`.
 */
export * from "../../src/providers/cockroach/keys.js";
export * from "./client.js";
export type * from "./types.js";
