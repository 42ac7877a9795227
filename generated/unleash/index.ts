/**
 * The package's entry unleash: its facade, its client, its types.
 * Generated: change scripts/render/ and run `npm run generate`.
 */
export * from "../../src/providers/unleash/keys.js";
export * from "../../src/common.js";
export * from "./client.js";
export type * as wire from "./types.js";
