/** The providers as rows of a table: what each test needs to treat them alike. */
import {
  cockroach,
  estuary,
  openrouter,
  type ApiKey,
  type ClientOptions,
  type CreatedApiKey,
} from "../../src/index.js";
import type { CallOptions } from "../../src/index.js";
import type { KeyList } from "../../src/index.js";
import type { Sandbox } from "../../src/sandbox/index.js";

/** What all facades have. */
export interface Keys {
  list(filter?: undefined, options?: CallOptions): KeyList;
  create(name: string, options?: CallOptions): Promise<CreatedApiKey>;
  revoke(key: ApiKey | string, options?: CallOptions): Promise<void>;
}

const ACCOUNT = "00000000-0000-4000-8000-00000000000a";

export const providers = [
  {
    provider: "estuary",
    /** A call that is repeated where that is safe. */
    read: "estuary.getUserStats",
    create: "estuary.createApiKey",
    revoke: "estuary.deleteApiKey",
    list: "estuary.listApiKeys",
    connect: (options: ClientOptions): Keys & { read: (options?: CallOptions) => Promise<unknown> } => {
      const keys = estuary(options);
      return {
        list: (_, call) => keys.list(undefined, call),
        create: (name, call) => keys.create({ name, expiresIn: "30d" }, call),
        revoke: (key, call) => keys.revoke(key as ApiKey<"estuary">, call),
        read: (call) => keys.stats(call),
      };
    },
  },
  {
    provider: "openrouter",
    read: "openrouter.getCurrentApiKey",
    create: "openrouter.createApiKey",
    revoke: "openrouter.deleteApiKey",
    list: "openrouter.listApiKeys",
    connect: (options: ClientOptions): Keys & { read: (options?: CallOptions) => Promise<unknown> } => {
      const keys = openrouter(options);
      return {
        list: (_, call) => keys.list({}, call),
        create: (name, call) => keys.create({ name, limit: 5 }, call),
        revoke: (key, call) => keys.revoke(key as ApiKey<"openrouter">, call),
        read: (call) => keys.current(call),
      };
    },
  },
  {
    provider: "cockroach",
    read: "cockroach.listApiKeys",
    create: "cockroach.createApiKey",
    revoke: "cockroach.deleteApiKey",
    list: "cockroach.listApiKeys",
    connect: (options: ClientOptions): Keys & { read: (options?: CallOptions) => Promise<unknown> } => {
      const keys = cockroach(options);
      return {
        list: (_, call) => keys.list({}, call),
        create: (name, call) => keys.create({ name, serviceAccountId: ACCOUNT }, call),
        revoke: (key, call) => keys.revoke(key as ApiKey<"cockroach">, call),
        read: (call) => keys.list({}, call).toArray(),
      };
    },
  },
] as const;

/** Options that point a facade at a sandbox, in process. */
export function through(sandbox: Sandbox, provider: (typeof providers)[number]["provider"]): ClientOptions {
  return { apiKey: sandbox.credentials[provider], fetch: sandbox.fetch };
}

/** How often an operation reached the sandbox. */
export function count(sandbox: Sandbox, operation: string): number {
  return sandbox.requests.filter((one) => `${one.provider}.${one.operation ?? ""}` === operation).length;
}

/** What a promise rejects with; fails where it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

/** Waits for what other turns of the event loop bring about. Does not depend on any clock. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
