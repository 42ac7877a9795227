/** An OpenAPI document from text that is not trusted. */
import { upgradeFromTwoToThree } from "@scalar/openapi-upgrader/2.0-to-3.0";
import { DocumentError } from "../documents/document-error.js";
import { parseDocument } from "../documents/read.js";
import { isObject, pointer, Spec, SpecError, type JsonObject } from "../render/spec.js";
import { UnreadableDocument } from "./unreadable.js";

// Deeper than any document that means something, and far less than what recursion survives.
const MOST_LEVELS = 500;
// The largest public documents have a quarter of it; aliases can make any number of a small one.
const MOST_NODES = 4_000_000;

/** @throws UnreadableDocument */
export function foreignSpec(text: string): Spec {
  const document = parseJson(text) ?? parseYaml(text);
  refuseDepthAndReferences(document);
  try {
    return new Spec(isObject(document) && document["swagger"] === "2.0" ? converted(document) : document);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new UnreadableDocument(`it is no OpenAPI document: ${error.message}`);
  }
}

/** Swagger 2.0 as OpenAPI 3.0. */
function converted(swagger: JsonObject): unknown {
  const { parameters } = swagger;
  // The converter takes a reference to a body for one to a parameter, and no scheme for http: it is that of the document's own
  // address, and only https is fetched.
  const inlined = JSON.parse(JSON.stringify({ schemes: ["https"], ...swagger }), (_key, node: unknown) => {
    if (!isObject(node) || typeof node["$ref"] !== "string") return node;
    const [, name = ""] = /^#\/parameters\/(.*)$/.exec(node["$ref"]) ?? [];
    const parameter = isObject(parameters) ? parameters[name] : undefined;
    return isObject(parameter) && ["body", "formData"].includes(String(parameter["in"])) ? parameter : node;
  }) as JsonObject;
  try {
    return upgradeFromTwoToThree(inlined);
  } catch (error) {
    throw new UnreadableDocument(`it cannot be converted from Swagger 2.0: ${messageOf(error)}`, { cause: error });
  }
}

function parseJson(text: string): unknown {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // YAML can begin like this, too.
    return undefined;
  }
}

function parseYaml(text: string): unknown {
  try {
    return parseDocument(text, "line").document;
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new UnreadableDocument(`it is neither JSON nor YAML: ${error.message}`, { cause: error });
  }
}

interface Visit {
  node: unknown;
  key: string | number;
  parent: Visit | undefined;
  depth: number;
}

/** Without recursion, since how deep the document is, is the question. */
function refuseDepthAndReferences(document: unknown): void {
  const refused: string[] = [];
  const waiting: Visit[] = [{ node: document, key: "", parent: undefined, depth: 0 }];
  let nodes = 0;
  for (let visit = waiting.pop(); visit; visit = waiting.pop()) {
    const { node, depth } = visit;
    if (typeof node !== "object" || node === null) continue;
    if (++nodes > MOST_NODES) {
      throw new UnreadableDocument(`it, or its aliases, unfold into more than ${MOST_NODES} objects and lists`);
    }
    if (depth > MOST_LEVELS) {
      throw new UnreadableDocument(`it is nested more than ${MOST_LEVELS} levels deep`);
    }
    const ref = isObject(node) ? node["$ref"] : undefined;
    if (typeof ref === "string" && !(ref.startsWith("#") && isDecodable(ref))) {
      refused.push(`${JSON.stringify(ref.slice(0, 200))} at #${pointerTo(visit)}`);
    }
    for (const [key, value] of Array.isArray(node) ? node.entries() : Object.entries(node)) {
      if (typeof value === "object") {
        waiting.push({ node: value, key, parent: visit, depth: depth + 1 });
      }
    }
  }
  if (refused.length === 0) return;
  const more = refused.length > 3 ? `, and ${refused.length - 3} more` : "";
  throw new UnreadableDocument(
    `only $refs within a document are followed, and it has ${refused.slice(0, 3).join(", ")}${more}; bundle it first`,
  );
}

function isDecodable(ref: string): boolean {
  try {
    decodeURIComponent(ref);
    return true;
  } catch {
    return false;
  }
}

function pointerTo({ key, parent }: Visit): string {
  return parent ? pointerTo(parent) + pointer(key) : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
