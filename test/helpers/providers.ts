/** The providers as rows of the one table of them: what tests need to treat them alike. */
import { fileURLToPath } from "node:url";
import {
  cloudflare,
  cockroach,
  estuary,
  openai,
  openaiproject,
  openrouter,
  rotate,
  unleash,
  type ApiKey,
  type CallOptions,
  type ClientOptions,
  type CreatedApiKey,
  type KeyList,
  type Keys,
  type NewTokenPolicy,
  type ProviderName,
  type NeededOverrides,
  type RotateOptions,
  type Rotation,
} from "../../src/index.js";
import { apis } from "../../generated/apis.js";
import type { Api } from "../../src/api.js";
import type { IssuedKey } from "../../src/sandbox/provider.js";
import type { Operation } from "../../src/sandbox/routes.js";
import type { Sandbox } from "../../src/sandbox/index.js";
import policies from "../fixtures/policies.json" with { type: "json" };

/** What all facades have, and a call that is repeated where that is safe. */
export interface Facade {
  list(filter?: undefined, options?: CallOptions): KeyList;
  create(name: string, options?: CallOptions): Promise<CreatedApiKey>;
  revoke(key: ApiKey | string, options?: CallOptions): Promise<void>;
  read(options?: CallOptions): Promise<unknown>;
}

interface Row<P extends ProviderName> {
  factory: (options: ClientOptions) => Keys<P>;
  connect: (options: ClientOptions) => Facade;
  /** The operation of `read`. */
  read: Operation;
  /** What a whole plaintext looks like. */
  plaintext: RegExp;
  /** Puts a key of this name there. */
  issue: (sandbox: Sandbox, name: string) => IssuedKey;
  /** A create as the provider is sent it, below its base URL, and the status that answers it. */
  creation: { path: string; body: string | null; status: number };
  /** What the command needs besides a name. */
  flags: { create: string[]; rotate: string[] };
  rotation: {
    /** Puts the key there that is to be rotated. */
    issue: (sandbox: Sandbox) => IssuedKey;
    overrides: RotateOptions<P>["overrides"];
    /** The operations of a rotation in which nothing goes wrong. */
    sequence: string[];
  };
}

export const ACCOUNT = "00000000-0000-4000-8000-00000000000a";
/** The service account that the sandbox's OpenAI project begins with. */
const OPENAI_ACCOUNT = "svc_acct_main";

/** The keys of the project that the sandbox's OpenAI begins with, unless the options name another one. */
const ofMainProject = (options: ClientOptions) => openaiproject({ project: "proj_main", ...options });

/** What a Cloudflare token may do. */
const POLICIES_FILE = fileURLToPath(new URL("../fixtures/policies.json", import.meta.url));
export const POLICIES = policies as NewTokenPolicy[];

export const table: { readonly [P in ProviderName]: Row<P> } = {
  estuary: {
    factory: estuary,
    connect: (options) => {
      const keys = estuary(options);
      return {
        list: (_, call) => keys.list(undefined, call),
        create: (name, call) => keys.create({ name, expiresIn: "30d" }, call),
        revoke: (key, call) => keys.revoke(key as ApiKey<"estuary">, call),
        read: (call) => keys.stats(call),
      };
    },
    read: "estuary.getUserStats",
    plaintext: /EST[0-9a-f-]{36}ARY/,
    issue: (sandbox, label) => sandbox.issue("estuary", { label }),
    creation: { path: "/user/api-keys", body: null, status: 200 },
    flags: { create: [], rotate: ["--permissions", "all"] },
    rotation: {
      issue: (sandbox) => sandbox.issue("estuary", { label: "ci" }),
      overrides: { permissions: "all" },
      // prettier-ignore
      sequence: ["listApiKeys", "listApiKeys", "createApiKey", "listApiKeys", "getUserStats", "listApiKeys", "getUserStats", "listApiKeys", "deleteApiKey", "listApiKeys"],
    },
  },
  openrouter: {
    factory: openrouter,
    connect: (options) => {
      const keys = openrouter(options);
      return {
        list: (_, call) => keys.list({}, call),
        create: (name, call) => keys.create({ name, limit: 5 }, call),
        revoke: (key, call) => keys.revoke(key as ApiKey<"openrouter">, call),
        read: (call) => keys.current(call),
      };
    },
    read: "openrouter.getCurrentApiKey",
    plaintext: /sk-or-v1-[0-9a-f]{64}/,
    issue: (sandbox, name) => sandbox.issue("openrouter", { name }),
    creation: { path: "/keys", body: '{"name":"new"}', status: 201 },
    flags: { create: [], rotate: [] },
    rotation: {
      issue: (sandbox) => sandbox.issue("openrouter", { name: "ci", limit: 20 }),
      overrides: {},
      // prettier-ignore
      sequence: ["getApiKey", "getCurrentApiKey", "listApiKeys", "listApiKeys", "createApiKey", "listApiKeys", "listApiKeys", "getCurrentApiKey", "listApiKeys", "listApiKeys", "getCurrentApiKey", "deleteApiKey", "updateApiKey"],
    },
  },
  cockroach: {
    factory: cockroach,
    connect: (options) => {
      const keys = cockroach(options);
      return {
        list: (_, call) => keys.list({}, call),
        create: (name, call) => keys.create({ name, serviceAccountId: ACCOUNT }, call),
        revoke: (key, call) => keys.revoke(key as ApiKey<"cockroach">, call),
        read: (call) => keys.list({}, call).toArray(),
      };
    },
    read: "cockroach.listApiKeys",
    plaintext: /CCDB1_\w{22}_\w{40}/,
    issue: (sandbox, name) => sandbox.issue("cockroach", { name }),
    creation: { path: "/api/v1/api-keys", body: `{"name":"new","service_account_id":"${ACCOUNT}"}`, status: 200 },
    flags: { create: ["--service-account", ACCOUNT], rotate: [] },
    rotation: {
      issue: (sandbox) => sandbox.issue("cockroach", { name: "ci" }),
      overrides: {},
      // prettier-ignore
      sequence: ["getApiKey", "listApiKeys", "createApiKey", "listApiKeys", "listApiKeys", "listApiKeys", "listApiKeys", "deleteApiKey", "updateApiKey"],
    },
  },
  openai: {
    factory: openai,
    connect: (options) => {
      const keys = openai(options);
      return {
        list: (_, call) => keys.list({}, call),
        create: (name, call) => keys.create({ name }, call),
        revoke: (key, call) => keys.revoke(key as ApiKey<"openai">, call),
        read: (call) => keys.list({}, call).toArray(),
      };
    },
    read: "openai.listApiKeys",
    plaintext: /sk-admin-\w{48}/,
    issue: (sandbox, name) => sandbox.issue("openai", { name }),
    creation: { path: "/organization/admin_api_keys", body: '{"name":"new"}', status: 200 },
    flags: { create: [], rotate: [] },
    rotation: {
      issue: (sandbox) => sandbox.issue("openai", { name: "ci" }),
      overrides: {},
      // prettier-ignore
      sequence: ["getApiKey", "listApiKeys", "createApiKey", "listApiKeys", "listApiKeys", "listApiKeys", "listApiKeys", "deleteApiKey"],
    },
  },
  openaiproject: {
    factory: ofMainProject,
    connect: (options) => {
      const keys = ofMainProject(options);
      return {
        list: (_, call) => keys.list({}, call),
        create: (name, call) => keys.create({ name, serviceAccountId: OPENAI_ACCOUNT }, call),
        revoke: (key, call) => keys.revoke(key as ApiKey<"openaiproject">, call),
        read: (call) => keys.list({}, call).toArray(),
      };
    },
    read: "openaiproject.listApiKeys",
    plaintext: /sk-\w{48}/,
    issue: (sandbox, name) => sandbox.issue("openaiproject", { name }),
    creation: {
      path: `/organization/projects/proj_main/service_accounts/${OPENAI_ACCOUNT}/api_keys`,
      body: '{"name":"new"}',
      status: 200,
    },
    flags: { create: ["--service-account", OPENAI_ACCOUNT], rotate: ["--scopes", "all"] },
    rotation: {
      issue: (sandbox) => sandbox.issue("openaiproject", { name: "ci" }),
      overrides: { scopes: [] },
      // prettier-ignore
      sequence: ["getApiKey", "listApiKeys", "createApiKey", "listApiKeys", "listApiKeys", "listApiKeys", "listApiKeys", "deleteApiKey"],
    },
  },
  cloudflare: {
    factory: cloudflare,
    connect: (options) => {
      const keys = cloudflare(options);
      return {
        list: (_, call) => keys.list({}, call),
        create: (name, call) => keys.create({ name, policies: POLICIES }, call),
        revoke: (key, call) => keys.revoke(key as ApiKey<"cloudflare">, call),
        read: (call) => keys.current(call),
      };
    },
    read: "cloudflare.verifyApiKey",
    plaintext: /cf[au]t_\w{48}/,
    issue: (sandbox, name) => sandbox.issue("cloudflare", { name }),
    creation: { path: "/user/tokens", body: JSON.stringify({ name: "new", policies: POLICIES }), status: 200 },
    flags: { create: ["--policies-file", POLICIES_FILE], rotate: [] },
    rotation: {
      // One that may manage tokens, as those of the others may.
      issue: (sandbox) => {
        const { userWrite } = sandbox.permissionGroups;
        const resources = { "com.cloudflare.api.user.*": "*" };
        const policies = [{ effect: "allow" as const, resources, permission_groups: [userWrite] }, ...POLICIES];
        return sandbox.issue("cloudflare", { name: "ci", policies });
      },
      overrides: {},
      // prettier-ignore
      sequence: ["getApiKey", "listApiKeys", "listApiKeys", "createApiKey", "listApiKeys", "listApiKeys", "verifyApiKey", "listApiKeys", "listApiKeys", "verifyApiKey", "deleteApiKey", "getApiKey", "updateApiKey"],
    },
  },
  unleash: {
    factory: unleash,
    connect: (options) => {
      const keys = unleash(options);
      return {
        list: (_, call) => keys.list(undefined, call),
        create: (name, call) => keys.create({ name, type: "client" }, call),
        revoke: (key, call) => keys.revoke(key as ApiKey<"unleash">, call),
        read: (call) => keys.list(undefined, call).toArray(),
      };
    },
    read: "unleash.listApiKeys",
    plaintext: /[^\s:"]+:\w+\.[0-9a-f]{56}/,
    issue: (sandbox, name) => sandbox.issue("unleash", { name }),
    creation: { path: "/api/admin/api-tokens", body: '{"tokenName":"new","type":"client"}', status: 201 },
    flags: { create: ["--type", "client"], rotate: [] },
    rotation: {
      issue: (sandbox) => sandbox.issue("unleash", { name: "ci" }),
      overrides: {},
      // prettier-ignore
      sequence: ["listApiKeys", "listApiKeys", "createApiKey", "listApiKeys", "listApiKeys", "listApiKeys", "listApiKeys", "listApiKeys", "deleteApiKey", "listApiKeys"],
    },
  },
};

export const names = Object.keys(table) as ProviderName[];

export const providers = names.map((provider) => ({
  provider,
  create: `${provider}.createApiKey` as const,
  revoke: `${provider}.deleteApiKey` as const,
  list: `${provider}.listApiKeys` as const,
  read: table[provider].read,
  connect: table[provider].connect,
}));

/** Rotates a key, with what its provider requires. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a factory and its overrides belong together by it
export function rotated<P extends ProviderName>(
  provider: P,
  options: ClientOptions,
  id: string,
  more: Omit<RotateOptions<ProviderName>, "overrides">,
): Promise<Rotation> {
  const { factory, rotation } = table[provider];
  const all = { ...(more as RotateOptions<P>), overrides: rotation.overrides };
  return rotate<P>(factory(options), id, all as typeof all & NeededOverrides<P>);
}

/** Options that point a facade at a sandbox, in process. */
export function through(sandbox: Sandbox, provider: ProviderName): ClientOptions {
  const { baseUrl } = apis[provider];
  return { apiKey: sandbox.credentials[provider], baseUrl, fetch: sandbox.fetch, ...sandbox.parents[provider] };
}

/** Where a provider lists its keys, below its base URL. */
export function listPath(sandbox: Sandbox, provider: ProviderName): string {
  const { operations, parents = {} }: Api = apis[provider];
  const { path = "" } = operations["listApiKeys"] ?? {};
  return path.replace(/\{(\w+)\}/g, (_, name: string) => sandbox.parents[provider][parents[name]?.option ?? ""] ?? "");
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
