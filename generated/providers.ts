/**
 * The providers of redocly.yaml, by name: the facade of each, and how its keys are copied, loaded when asked for.
 * Generated: change redocly.yaml and run `npm run generate`.
 */
import type { Providers } from "./index.js";
import type { Room } from "../src/room.js";

export const providers: { readonly [P in keyof Providers]: Room<P> } = {
  estuary: {
    connect: async () => (await import("../src/providers/estuary/keys.js")).estuary,
    copy: async () => (await import("../src/providers/estuary/copy.js")).default,
  },
  openrouter: {
    connect: async () => (await import("../src/providers/openrouter/keys.js")).openrouter,
    copy: async () => (await import("../src/providers/openrouter/copy.js")).default,
  },
  cockroach: {
    connect: async () => (await import("../src/providers/cockroach/keys.js")).cockroach,
    copy: async () => (await import("../src/providers/cockroach/copy.js")).default,
  },
  openai: {
    connect: async () => (await import("../src/providers/openai/keys.js")).openai,
    copy: async () => (await import("../src/providers/openai/copy.js")).default,
  },
  openaiproject: {
    connect: async () => (await import("../src/providers/openaiproject/keys.js")).openaiproject,
    copy: async () => (await import("../src/providers/openaiproject/copy.js")).default,
  },
  cloudflare: {
    connect: async () => (await import("../src/providers/cloudflare/keys.js")).cloudflare,
    copy: async () => (await import("../src/providers/cloudflare/copy.js")).default,
  },
  unleash: {
    connect: async () => (await import("../src/providers/unleash/keys.js")).unleash,
    copy: async () => (await import("../src/providers/unleash/copy.js")).default,
  },
};
