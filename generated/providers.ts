/**
 * The providers of redocly.yaml, by name: what the spec says of each, and its facade, loaded when asked for.
 * Generated: change redocly.yaml and run `npm run generate`.
 */
export const providers = {
  estuary: async () => {
    const { api, estuary } = await import("./estuary/index.js");
    return { api, connect: estuary };
  },
  openrouter: async () => {
    const { api, openrouter } = await import("./openrouter/index.js");
    return { api, connect: openrouter };
  },
  cockroach: async () => {
    const { api, cockroach } = await import("./cockroach/index.js");
    return { api, connect: cockroach };
  },
};
