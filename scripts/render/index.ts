import { commonHeaders, renderApi } from "./api.js";
import { renderClient } from "./client.js";
import { formatted } from "./format.js";
import { operationsOf } from "./operations.js";
import { Spec, SpecError } from "./spec.js";
import { renderTypes } from "./types.js";

export { SpecError } from "./spec.js";

/** File name → text. */
export type RenderedFiles = Record<"types.ts" | "api.ts" | "client.ts", string>;

/**
 * The generated files of one provider. Pure: the same document gives the same bytes.
 * Takes any self-contained OpenAPI 3.0 or 3.1 document, not only ours.
 *
 * @throws SpecError where the document says something that cannot be rendered.
 */
export async function render(document: unknown, provider: string): Promise<RenderedFiles> {
  const spec = new Spec(document);
  try {
    const types = renderTypes(spec);
    const operations = operationsOf(spec);
    const api = renderApi(spec, provider, operations);
    const client = renderClient(operations, commonHeaders(operations));
    return {
      "types.ts": await formatted(header("Types", provider) + types),
      "api.ts": await formatted(header("Table", provider) + api),
      "client.ts": await formatted(header("Typed client", provider) + client),
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SpecError("#", "its schemas lead on to each other further than the stack or a text may reach");
  }
}

/** What names all providers at once: the namespaces of their types, and what a key of each is on the wire. */
export async function renderIndex(providers: string[]): Promise<string> {
  return formatted(`/**
 * The providers of redocly.yaml.
 * Generated: change it and run \`npm run generate\`.
 */
${providers.map((name) => `import type * as ${name} from "./${name}/types.js";`).join("\n")}

export type { ${providers.join(", ")} };

/** By provider: a key as its server sends it, without the fields that hold plaintext. */
export interface WireApiKeys {
  ${providers.map((name) => `${name}: ${name}.WireApiKey;`).join("\n")}
}
`);
}

/** What `keysmith/<provider>` exports: the facade, the client beside it, and every type of the spec. */
export async function renderEntry(provider: string): Promise<string> {
  return formatted(`/**
 * The package's entry ${provider}: its facade, its client, its types.
 * Generated: change scripts/render/ and run \`npm run generate\`.
 */
export * from "../../src/providers/${provider}/keys.js";
export * from "./client.js";
export type * from "./types.js";
`);
}

/** What the command knows of providers: all of them, each loaded when it is asked for. */
export async function renderProviders(providers: string[]): Promise<string> {
  return formatted(`/**
 * The providers of redocly.yaml, by name: what the spec says of each, and its facade, loaded when asked for.
 * Generated: change redocly.yaml and run \`npm run generate\`.
 */
export const providers = {
  ${providers.map((name) => `${name}: async () => { const { api, ${name} } = await import("./${name}/index.js"); return { api, connect: ${name} }; },`).join("\n")}
};
`);
}

function header(what: string, provider: string): string {
  return `/**\n * ${what} of spec/${provider}.yaml.\n * Generated: change the spec and run \`npm run generate\`.\n */\n`;
}
