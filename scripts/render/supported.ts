/**
 * What a provider's spec may say and the transport cannot do yet, each refused with its place. A document of which only types
 * or a client are made may say all of it.
 */
import type { ClientOptions } from "../../src/options.js";
import { serverUrl } from "./api.js";
import { authOf, isSendable } from "./auth.js";
import { keySchema } from "./key-fields.js";
import { unreadMarks } from "./marks.js";
import {
  FORM,
  isForm,
  jsonSchemas,
  members,
  operationNodes,
  operationsOf,
  type Operation,
  type OperationNode,
} from "./operations.js";
import { isObject, METHODS, objectsIn, pointer, Spec, SpecError, type JsonObject } from "./spec.js";

/** @throws SpecError naming the first thing that cannot be done. */
export function requireSupported(document: unknown): void {
  for (const [place, problem] of problemsOf(new Spec(document))) throw new SpecError(place, problem);
}

type Problem = [place: string, problem: string];

function* problemsOf(spec: Spec): Generator<Problem> {
  if (authOf(spec).length === 0) {
    const schemes = "http bearer, http basic, or an apiKey in a header";
    yield ["#/security", `the credential must be sent by ${schemes}; each scheme behind the first needs an x-option`];
  }
  yield* unreadMarks(spec);
  yield* namingProblems(spec);
  const url = serverUrl(spec);
  if (!/^https:\/\/[^{}?#@/\s]+(\/[^{}?#]*)?$/.test(url) || !URL.canParse(url)) {
    const problem =
      "the first server must have an https URL, without user and query, and with a default for each variable";
    yield ["#/servers", problem];
  }
  if (keySchema(spec)?.[1]["x-key-fields"] === undefined) {
    yield ["#/components/schemas", "the schema of a listed key must say in x-key-fields which of its fields is what"];
  }
  yield* methodProblems(spec);
  const operations = operationsOf(spec);
  for (const [index, node] of operationNodes(spec).entries()) {
    const operation = operations[index];
    if (operation) yield* operationProblems(spec, node, operation);
  }
}

/** The options that every facade has: all of them, or this does not compile. */
const OPTIONS: Readonly<Record<keyof ClientOptions, true>> = {
  apiKey: true,
  baseUrl: true,
  fetch: true,
  headers: true,
  timeoutMs: true,
  maxRetries: true,
  maxRetryWaitMs: true,
  beforeAttempt: true,
  maxBodyBytes: true,
  allowInsecure: true,
  dangerouslyAllowBrowser: true,
  onEvent: true,
};

/** Headers, options and variables of one name: the one would take the other's place. */
function* namingProblems(spec: Spec): Generator<Problem> {
  const auth = authOf(spec);
  const options = Object.keys(OPTIONS);
  const headers: string[] = [];
  for (const { header, option } of auth) {
    if (headers.includes(header.toLowerCase())) yield ["#/security", `two of its schemes are sent in ${header}`];
    headers.push(header.toLowerCase());
    if (option === undefined) continue;
    if (options.includes(option)) yield ["#/security", `there is another option ${option}: choose another x-option`];
    options.push(option);
  }
  const parents = new Map<string, string>();
  for (const { place, parameters } of operationNodes(spec)) {
    for (const { name, in: location, "x-option": option, "x-env": env, "x-send": sent } of parameters) {
      const subject = `the parameter ${JSON.stringify(name)}`;
      if (typeof option === "string") {
        if (options.includes(option) || (parents.get(option) ?? name) !== name) {
          yield [place, `${subject}: there is another option ${option}: choose another x-option`];
        }
        parents.set(option, String(name));
      } else if (env !== undefined) yield [place, `${subject} has an x-env, and no x-option that it could stand for`];
      if (sent === undefined || location !== "header") continue;
      if (!isSendable(String(name)) || headers.includes(String(name).toLowerCase())) {
        yield [place, `${subject} has an x-send, and is no header that is free for it`];
      }
    }
  }
}

/** Since OpenAPI 3.2 a path may have methods that nothing here knows. */
function* methodProblems(spec: Spec): Generator<Problem> {
  const paths = isObject(spec.document["paths"]) ? spec.document["paths"] : {};
  for (const [path, item] of Object.entries(paths)) {
    for (const key of ["query", "additionalOperations"]) {
      if (spec.resolve(item)?.[key] !== undefined) yield [`#${pointer("paths", path, key)}`, "this method is not sent"];
    }
    if (!isObject(item) || item["$ref"] === undefined) continue;
    const beside = [...METHODS, "parameters", "servers"].find((key) => item[key] !== undefined);
    if (beside !== undefined) yield [`#${pointer("paths", path)}`, `${beside} is not read beside a $ref`];
  }
}

function* operationProblems(spec: Spec, node: OperationNode, operation: Operation): Generator<Problem> {
  const { place, pathItem, method } = node;
  if (["head", "options", "trace"].includes(method)) yield [place, `the method ${method} is not sent`];
  for (const server of [pathItem["servers"], node.operation["servers"]]) {
    if (server !== undefined) yield [place, "servers of its own are not used: all requests go to the document's"];
  }
  const security = node.operation["security"];
  if (security !== undefined && JSON.stringify(security) !== JSON.stringify(spec.document["security"])) {
    yield [place, "security of its own is not used: every request has the credential, as the document's security says"];
  }
  yield* pathProblems(node);
  for (const parameter of node.parameters) {
    const problem = parameterProblem(spec, parameter);
    if (problem) yield [place, `the parameter ${JSON.stringify(parameter["name"])} ${problem}`];
  }
  yield* bodyProblems(spec, node);
  yield* secretProblems(spec, node, operation);
  yield* unseenProblems(spec, node);
}

/** What stands in a path: the key's id, and what is given when the facade is made, each with braces around it. */
function* pathProblems({ place, path, parameters }: OperationNode): Generator<Problem> {
  const names = [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name);
  const inPath = parameters.filter((parameter) => parameter["in"] === "path");
  const own = names.filter((name) => !inPath.some((one) => one["name"] === name && one["x-option"] !== undefined));
  if (own.length > 1) {
    const problem = `the path has more than one parameter (${own.join(", ")}): give an x-option to each but the key's id`;
    yield [place, problem];
  }
  if (/[{}]/.test(path.replace(/\{[^{}]*\}/g, "")) || new Set(names).size < names.length) {
    yield [place, "the path has braces that enclose no name of their own"];
  }
  if (!/^\/[^?#]*$/.test(path) || /\/\.{1,2}(\/|$)/.test(path)) {
    yield [place, "the path must begin with a slash, and have no query, no fragment and no steps such as .."];
  }
  // As it is sent, whoever compares: a runtime takes `%2e%2e` and `\\` for steps, and encodes a space.
  const filled = path.replace(/\{[^{}]*\}/g, "a");
  const sent = new URL(`https://a.test/a${filled}`).pathname;
  if (/^\/[^?#{}]*$/.test(filled) && sent !== `/a${filled}`) {
    yield [place, `the path would be sent as ${sent.slice(2)}: write it as it is to be sent`];
  }
}

// OpenAPI has header parameters of these names ignored: other parts of a document speak of them.
const IGNORED_HEADERS = new Set(["accept", "authorization", "content-type"]);

// How a value stands in a URL unless a parameter says otherwise, by where the parameter is.
const STYLES: Readonly<Record<string, string>> = { path: "simple", query: "form", header: "simple" };

function parameterProblem(spec: Spec, parameter: JsonObject): string | undefined {
  const { in: location, name, required, style, explode, content, allowReserved, schema } = parameter;
  const at = String(location);
  const types = typesOf(spec, schema);
  if (at === "cookie") return "is a cookie, and none are sent";
  if (content !== undefined) return "is described by content, of which nothing is known here; give it a schema";
  if (allowReserved === true) return "asks for reserved characters, which are encoded";
  if ((style ?? STYLES[at]) !== STYLES[at] || (types.includes("array") && (explode === false || at !== "query"))) {
    return "has a style that is not sent: give it the one that OpenAPI assumes";
  }
  if (types.includes("object")) return "is an object, which is not sent in a parameter";
  const ignored = at !== "header" || IGNORED_HEADERS.has(String(name).toLowerCase());
  if (required === true && !ignored && parameter["x-send"] === undefined) {
    return "is a header that is required, and nothing says its value: give it x-send";
  }
  return undefined;
}

/** The types that a schema allows, by itself or by what it is made of. */
function typesOf(spec: Spec, node: unknown): unknown[] {
  const { type, anyOf, oneOf, allOf } = spec.resolve(node) ?? {};
  // One that is made of itself is refused where types are made of it.
  return [type, [anyOf, oneOf, allOf].flatMap(objectsIn).flatMap((part) => typesOf(spec, part))].flat();
}

function* bodyProblems(spec: Spec, { place, method, operation, responses }: OperationNode): Generator<Problem> {
  const body = spec.resolve(operation["requestBody"]);
  const sent = mediaTypesOf(body);
  if (body && method === "get") yield [`${place}/requestBody`, "a GET has no body"];
  if (body && !sent.includes("application/json") && !sent.includes(FORM)) {
    const types = `application/json or ${FORM}`;
    yield [`${place}/requestBody`, `bodies are sent as ${types}, not as ${sent.join(" or ") || "nothing"}`];
  }
  const statuses = responses.map(([status]) => status.toLowerCase());
  if (statuses.includes("default") && !statuses.some((status) => status.startsWith("2"))) {
    yield [`${place}/responses`, "nothing says which answer is a success: give it a status, such as 200 or 2XX"];
  }
  if (isForm(body)) yield* formProblems(spec, `${place}/requestBody`, body);
  for (const [status, response] of responses) {
    const given = mediaTypesOf(spec.resolve(response));
    if (!status.startsWith("2") || given.every((type) => /^application\/(.+\+)?json$/.test(type))) continue;
    const where = `${place}${pointer("responses", status)}`;
    yield [where, `a success is read as JSON, not as ${given.join(" or ")}`];
  }
}

function* formProblems(spec: Spec, place: string, body: JsonObject | undefined): Generator<Problem> {
  const content = isObject(body?.["content"]) ? body["content"] : {};
  const { schema, encoding }: JsonObject = isObject(content[FORM]) ? content[FORM] : {};
  const fields = spec.resolve(schema)?.["properties"];
  for (const [name, field] of Object.entries(isObject(fields) ? fields : {})) {
    const types = [spec.resolve(field)?.["type"]].flat();
    if (types.every((type) => FLAT.has(String(type)))) continue;
    yield [place, `the field ${JSON.stringify(name)} of a form must be text, a number or a boolean`];
  }
  if (encoding !== undefined) {
    yield [place, "the fields of a form are sent in the encoding that OpenAPI assumes, and in no other"];
  }
}

// What a form can say without a convention of its own.
const FLAT: ReadonlySet<string> = new Set(["string", "integer", "number", "boolean"]);

function mediaTypesOf(body: JsonObject | undefined): string[] {
  const content = isObject(body?.["content"]) ? body["content"] : {};
  return Object.keys(content).map((type) => type.replace(/\s*;.*/s, "").toLowerCase());
}

function* secretProblems(
  spec: Spec,
  { place, operation: node, responses }: OperationNode,
  operation: Operation,
): Generator<Problem> {
  const { secrets, idempotent, plaintext } = operation;
  const { response } = secrets;
  const undecided = response.length > 1 && node["x-key-secret"] === undefined;
  if (!idempotent && (undecided || response.some((one) => one.includes("/*")))) {
    const problem = `answers with more than one secret (${response.join(", ")}): which is the key's? Say so by x-key-secret`;
    yield [place, problem];
  }
  const names = response.map((one) => one.slice(one.lastIndexOf("/") + 1));
  if (!idempotent && new Set(names).size < names.length) {
    yield [place, `answers with secrets of one name (${response.join(", ")}), which could not be told apart`];
  }
  for (const [status, response] of responses) {
    const headers = spec.resolve(response)?.["headers"];
    for (const [name, header] of Object.entries(isObject(headers) ? headers : {})) {
      if (spec.resolve(spec.resolve(header)?.["schema"])?.["format"] !== "password") continue;
      yield [
        `${place}${pointer("responses", status, "headers", name)}`,
        "secrets are read from bodies, not from headers",
      ];
    }
  }
  if (secrets.response.includes("")) yield [place, "answers with a secret alone, and no key that it is of"];
  for (const pattern of plaintext) {
    const problem = patternProblem(pattern);
    if (problem) yield [place, `the pattern ${JSON.stringify(pattern)} of a secret ${problem}`];
  }
}

/** What a schema may be made of that is not followed, so that a secret in it would not be seen. */
const UNSEEN = ["$dynamicRef", "$recursiveRef", "contentSchema"];

function* unseenProblems(spec: Spec, { place, operation, responses }: OperationNode): Generator<Problem> {
  const bodies = [operation["requestBody"], ...responses.map(([, response]) => response)];
  const due: unknown[] = bodies.flatMap((body) => jsonSchemas(spec.resolve(body)));
  const seen = new Set<unknown>();
  for (const node of due) {
    const schema = spec.resolve(node);
    if (!schema || seen.has(node)) continue;
    seen.add(node);
    const found = UNSEEN.find((key) => schema[key] !== undefined);
    if (found !== undefined)
      yield [place, `a schema has ${found}, which is not followed: a secret in it would be shown`];
    if (isObject(node) && "$ref" in node && members(node).some((member) => isObject(member.node))) {
      yield [place, `beside the $ref ${JSON.stringify(node["$ref"])} stands more than is read: put both into an allOf`];
    }
    due.push(...members(schema).map((member) => member.node));
  }
}

/**
 * Why a pattern is not one that a JavaScript engine understands and looks for in a time that is linear in the length of a
 * text: anchored, and with nothing that it could go back to again and again.
 */
function patternProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern, "u");
  } catch {
    return "is no regular expression of JavaScript's with the flag u";
  }
  const structure = pattern.replace(/\\./gsu, "a").replace(/\[[^\]]*\]/gu, "a");
  if (!pattern.startsWith("^") || outsideGroups(structure).includes("|")) {
    return "must begin with ^, and have alternatives in a group only";
  }
  const unbounded = structure.match(/[*+]|\{\d+,\}/gu) ?? [];
  if (/\\[1-9k]/u.test(pattern) || /\)[*+?{]|\(\?[^:]/u.test(structure) || unbounded.length > 1) {
    return "must have at most one unbounded repetition, and no repeated group, lookaround or back reference";
  }
  return undefined;
}

function outsideGroups(structure: string): string {
  const outer = structure.replace(/\([^()]*\)/gu, "");
  return outer === structure ? outer : outsideGroups(outer);
}
