/** The same six operations of OpenRouter, done by keysmith and by each of its peers in the way that its manual shows. */
import { join } from "node:path";
import { run } from "../helpers/processes.js";
import type { Workplace } from "./workplace.js";

export interface Peer {
  /** As it stands in the tables. */
  name: string;
  /** A module whose `connect(fetch)` gives the six operations, each of them one request. */
  program: string;
  /** Makes what the program imports. @param to a folder of its own beside the program */
  generate?: (workplace: Workplace, spec: string, to: string) => Promise<unknown>;
}

export const BASE_URL = "https://openrouter.ai/api/v1";

export const KEYSMITH = "keysmith/openrouter";
export const OPENAPI_FETCH = "openapi-fetch";
export const PLAIN = "plain fetch";
export const SDK = "@openrouter/sdk";
export const REDOCLY = "Redocly's generate-client";
export const HEY_API = "@hey-api/openapi-ts";

export const peers: Peer[] = [
  {
    name: KEYSMITH,
    program: `
      import { openrouter } from "keysmith/openrouter";
      export function connect(fetch) {
        const keys = openrouter({ apiKey: "a", fetch });
        return {
          list: () => keys.list().pages().next(),
          create: (name) => keys.create({ name }),
          get: (id) => keys.get(id),
          update: (id, name) => keys.update(id, { name }),
          remove: (id) => keys.revoke(id),
          current: () => keys.current(),
        };
      }`,
  },
  {
    name: OPENAPI_FETCH,
    program: `
      import createClient from "openapi-fetch";
      export function connect(fetch) {
        const client = createClient({ baseUrl: "${BASE_URL}", headers: { authorization: "Bearer a" }, fetch });
        return {
          list: () => client.GET("/keys"),
          create: (name) => client.POST("/keys", { body: { name } }),
          get: (hash) => client.GET("/keys/{hash}", { params: { path: { hash } } }),
          update: (hash, name) => client.PATCH("/keys/{hash}", { params: { path: { hash } }, body: { name } }),
          remove: (hash) => client.DELETE("/keys/{hash}", { params: { path: { hash } } }),
          current: () => client.GET("/key"),
        };
      }`,
  },
  {
    name: PLAIN,
    program: `
      export function connect(fetch) {
        const call = async (method, path, body) => {
          const headers = { authorization: "Bearer a" };
          if (body) headers["content-type"] = "application/json";
          const init = { method, headers, body: body && JSON.stringify(body) };
          return (await fetch("${BASE_URL}" + path, init)).json();
        };
        return {
          list: () => call("GET", "/keys"),
          create: (name) => call("POST", "/keys", { name }),
          get: (hash) => call("GET", "/keys/" + encodeURIComponent(hash)),
          update: (hash, name) => call("PATCH", "/keys/" + encodeURIComponent(hash), { name }),
          remove: (hash) => call("DELETE", "/keys/" + encodeURIComponent(hash)),
          current: () => call("GET", "/key"),
        };
      }`,
  },
  {
    name: SDK,
    // Its standalone functions, which its manual recommends where size counts: of the whole it bundles four times as much.
    program: `
      import { OpenRouterCore } from "@openrouter/sdk/core.js";
      import { apiKeysCreate } from "@openrouter/sdk/funcs/apiKeysCreate.js";
      import { apiKeysDelete } from "@openrouter/sdk/funcs/apiKeysDelete.js";
      import { apiKeysGet } from "@openrouter/sdk/funcs/apiKeysGet.js";
      import { apiKeysGetCurrentKeyMetadata } from "@openrouter/sdk/funcs/apiKeysGetCurrentKeyMetadata.js";
      import { apiKeysList } from "@openrouter/sdk/funcs/apiKeysList.js";
      import { apiKeysUpdate } from "@openrouter/sdk/funcs/apiKeysUpdate.js";
      import { HTTPClient } from "@openrouter/sdk/lib/http.js";
      const valueOf = async (result) => {
        const { ok, value, error } = await result;
        if (!ok) throw error;
        return value;
      };
      export function connect(fetch) {
        const client = new OpenRouterCore({ apiKey: "a", httpClient: new HTTPClient({ fetcher: fetch }) });
        return {
          list: () => valueOf(apiKeysList(client)),
          create: (name) => valueOf(apiKeysCreate(client, { requestBody: { name } })),
          get: (hash) => valueOf(apiKeysGet(client, { hash })),
          update: (hash, name) => valueOf(apiKeysUpdate(client, { hash, requestBody: { name } })),
          remove: (hash) => valueOf(apiKeysDelete(client, { hash })),
          current: () => valueOf(apiKeysGetCurrentKeyMetadata(client)),
        };
      }`,
  },
  {
    name: REDOCLY,
    program: `
      import {
        client, createApiKey, deleteApiKey, getApiKey, getCurrentApiKey, listApiKeys, updateApiKey,
      } from "./redocly/client.js";
      export function connect(fetch) {
        client.configure({ fetch, auth: { bearer: "a" } });
        return {
          list: () => listApiKeys(),
          create: (name) => createApiKey({ body: { name } }),
          get: (hash) => getApiKey({ path: { hash } }),
          update: (hash, name) => updateApiKey({ path: { hash }, body: { name } }),
          remove: (hash) => deleteApiKey({ path: { hash } }),
          current: () => getCurrentApiKey(),
        };
      }`,
    generate: async ({ bin, folder }, spec, to) =>
      program(
        folder,
        await bin("@redocly/cli", "redocly"),
        "generate-client",
        spec,
        "-o",
        join(to, "redocly/client.ts"),
      ),
  },
  {
    name: HEY_API,
    program: `
      import { client } from "./hey/client.gen.js";
      import {
        createApiKey, deleteApiKey, getApiKey, getCurrentApiKey, listApiKeys, updateApiKey,
      } from "./hey/sdk.gen.js";
      export function connect(fetch) {
        client.setConfig({ auth: "a", fetch });
        return {
          list: () => listApiKeys(),
          create: (name) => createApiKey({ body: { name } }),
          get: (hash) => getApiKey({ path: { hash } }),
          update: (hash, name) => updateApiKey({ path: { hash }, body: { name } }),
          remove: (hash) => deleteApiKey({ path: { hash } }),
          current: () => getCurrentApiKey(),
        };
      }`,
    generate: async ({ bin, folder }, spec, to) =>
      program(
        folder,
        await bin(HEY_API, "openapi-ts"),
        "-i",
        spec,
        "-o",
        join(to, "hey"),
        "-c",
        "@hey-api/client-fetch",
        "--no-log-file",
      ),
  },
  {
    name: "orval",
    // It has no client to be configured: functions that call the global fetch.
    program: `
      import {
        createApiKey, deleteApiKey, getApiKey, getCurrentApiKey, listApiKeys, updateApiKey,
      } from "./orval/client.js";
      export function connect(fetch) {
        globalThis.fetch = fetch;
        const init = { headers: { authorization: "Bearer a" } };
        return {
          list: () => listApiKeys({}, init),
          create: (name) => createApiKey({ name }, init),
          get: (hash) => getApiKey(hash, init),
          update: (hash, name) => updateApiKey(hash, { name }, init),
          remove: (hash) => deleteApiKey(hash, init),
          current: () => getCurrentApiKey(init),
        };
      }`,
    generate: async ({ bin, folder, write }, spec, to) => {
      const output = { target: join(to, "orval/client.ts"), client: "fetch", baseUrl: BASE_URL };
      const config = `module.exports = ${JSON.stringify({ openrouter: { input: spec, output } })};`;
      return program(folder, await bin("orval", "orval"), "--config", await write({ "orval.config.cjs": config }));
    },
  },
];

const written = new WeakMap<Workplace, Promise<Map<string, string>>>();

/** The peers' programs as files of the workplace, by name. */
export function peerPrograms(workplace: Workplace): Promise<Map<string, string>> {
  const programs = written.get(workplace) ?? writePrograms(workplace);
  written.set(workplace, programs);
  return programs;
}

async function writePrograms(workplace: Workplace): Promise<Map<string, string>> {
  const programs = new Map<string, string>();
  const spec = join(workplace.root, "spec/openrouter.yaml");
  for (const [index, { name, program, generate }] of peers.entries()) {
    await generate?.(workplace, spec, join(workplace.folder, "peers"));
    programs.set(name, await workplace.write({ [`peers/${index}.js`]: program }));
  }
  return programs;
}

/** Runs a program of Node's. Neither usage figures nor a look for updates leaves the machine. */
async function program(cwd: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  return (await run(process.execPath, args, { cwd, env })).stdout;
}
