import { commonHeaders, renderApi } from "./api.js";
import { renderClient } from "./client.js";
import { formatted } from "./format.js";
import { operationsOf } from "./operations.js";
import { Spec, SpecError } from "./spec.js";
import { renderTypes } from "./types.js";

export { SpecError } from "./spec.js";
export { requireSupported } from "./supported.js";

/** File name → text. */
export type RenderedFiles = Record<"types.ts" | "api.ts" | "client.ts", string>;

/** Where a spec is, and what renders it: what the files say of themselves. */
interface Origin {
  spec: string;
  command: string;
  /** What the table is checked against, of a package that is not this one. */
  kit?: string;
}

/**
 * The generated files of one provider. Pure: the same document gives the same bytes.
 * Takes any self-contained OpenAPI 3.0, 3.1 or 3.2 document, not only ours.
 *
 * @throws SpecError where the document says something that cannot be rendered.
 */
export async function render(
  document: unknown,
  provider: string,
  origin: Origin = { spec: `spec/${provider}.yaml`, command: "npm run generate" },
): Promise<RenderedFiles> {
  const spec = new Spec(document);
  try {
    const types = renderTypes(spec);
    const operations = operationsOf(spec);
    const api = renderApi(spec, provider, operations, origin.kit);
    const client = renderClient(operations, commonHeaders(operations));
    return {
      "types.ts": await formatted(header("Types", origin) + types),
      "api.ts": await formatted(header("Table", origin) + api),
      "client.ts": await formatted(header("Typed client", origin) + client),
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SpecError("#", "its schemas lead on to each other further than the stack or a text may reach");
  }
}

/** The command by which other packages render their specs. */
export const OUTSIDE_COMMAND = "keysmith generate";

/**
 * The generated files of a provider of another package, which has keysmith among its dependencies.
 *
 * @param spec what its document is called
 * @throws SpecError where the document says something that cannot be rendered.
 */
export async function renderOutside(
  document: unknown,
  provider: string,
  spec: string,
): Promise<Record<string, string>> {
  const origin = { spec, command: OUTSIDE_COMMAND, kit: "keysmith/kit" };
  const index = `export * from "./client.js";\nexport type * as wire from "./types.js";\n`;
  return {
    ...(await render(document, provider, origin)),
    "index.ts": await formatted(header("Client, table and types", origin) + index),
  };
}

/** What names all providers at once: the namespaces of their types, and what a caller says of the keys of each. */
export async function renderIndex(providers: string[]): Promise<string> {
  return formatted(`/**
 * The providers of redocly.yaml.
 * Generated: change it and run \`npm run generate\`.
 */
${providers
  .map(
    (name) => `import type * as ${name} from "./${name}/types.js";
import type ${name}Words from "../src/providers/${name}/words.js";`,
  )
  .join("\n")}

export type { ${providers.join(", ")} };
${providers.map((name) => `export type * from "../src/providers/${name}/words.js";`).join("\n")}

/** By provider: a key as its server sends it, and what a caller says of keys. */
export interface Providers {
  ${providers.map((name) => `${name}: ${name}Words;`).join("\n")}
}
`);
}

/** What `keysmith/<provider>` exports: the facade and all that it mentions, the client beside it, and the types of the spec. */
export async function renderEntry(provider: string): Promise<string> {
  return formatted(`/**
 * The package's entry ${provider}: its facade, its client, its types.
 * Generated: change scripts/render/ and run \`npm run generate\`.
 */
export * from "../../src/providers/${provider}/keys.js";
export * from "../../src/common.js";
export * from "./client.js";
export type * as wire from "./types.js";
`);
}

/** The rooms of all providers, by name: what a user of some of them should not have to load is loaded when asked for. */
export async function renderProviders(providers: string[]): Promise<string> {
  const room = (name: string) => `${name}: {
    connect: async () => (await import("../src/providers/${name}/keys.js")).${name},
    copy: async () => (await import("../src/providers/${name}/copy.js")).default,
  },`;
  return registry(
    "The providers of redocly.yaml, by name: the facade of each, and how its keys are copied, loaded when asked for.",
    `import type { Room } from "../src/room.js";

export const providers: { readonly [P in keyof Providers]: Room<P> } = {
  ${providers.map(room).join("\n")}
};`,
  );
}

/** What the command asks of every provider before it knows which one is meant. */
export async function renderFlags(providers: string[]): Promise<string> {
  return registry(
    "What the command can say of the keys of each provider of redocly.yaml.",
    `import type { ProviderFlags } from "../src/flags.js";
${providers.map((name) => `import ${name} from "../src/providers/${name}/flags.js";`).join("\n")}

export const flags: Readonly<Record<keyof Providers, ProviderFlags>> = { ${providers.join(", ")} };`,
  );
}

/** What each spec says of its API, as data. */
export async function renderApis(providers: string[]): Promise<string> {
  return formatted(`${indexHeader("What the spec of each provider of redocly.yaml says of its API and of each operation, as data.")}
${providers.map((name) => `import { api as ${name} } from "./${name}/api.js";`).join("\n")}

export const apis = { ${providers.join(", ")} };
`);
}

/** The simulated servers, all of which a sandbox has, and the types that they are given. */
export async function renderServers(providers: string[]): Promise<string> {
  return formatted(`${indexHeader("The simulated server of each provider of redocly.yaml.")}
${providers.map((name) => `import ${name} from "../src/providers/${name}/sandbox.js";`).join("\n")}

${providers.map((name) => `export type * from "../src/providers/${name}/sandbox.js";`).join("\n")}

const servers = { ${providers.join(", ")} };
export default servers;
`);
}

function registry(what: string, code: string): Promise<string> {
  return formatted(`${indexHeader(what)}import type { Providers } from "./index.js";\n${code}\n`);
}

function indexHeader(what: string): string {
  return `/**\n * ${what}\n * Generated: change redocly.yaml and run \`npm run generate\`.\n */\n`;
}

function header(what: string, { spec, command }: Origin): string {
  return `/**\n * ${what} of ${spec}.\n * Generated: change the spec and run \`${command}\`.\n */\n`;
}
