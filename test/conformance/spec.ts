/**
 * The specs as a validator needs them. They are read from spec/ itself, and nothing that src/ or generated/ consists of
 * takes part: what a schema means is up to Ajv.
 */
import { readFileSync } from "node:fs";
import addFormats from "ajv-formats";
import { Ajv2020 } from "ajv/dist/2020.js";
import { load } from "js-yaml";
import { providersOf } from "../../scripts/project/project.js";

export interface Api {
  provider: string;
  baseUrl: URL;
  operations: Operation[];
}

export interface Operation {
  /** Such as `openrouter.createApiKey`. */
  name: string;
  method: string;
  /** Matches a path below the base URL; its groups are the path parameters. */
  path: RegExp;
  /** Whether the credential stands behind the word Bearer. */
  bearer: boolean;
  parameters: { name: string; in: string; required: boolean; check: Check<string> }[];
  body: { required: boolean; content: Content } | undefined;
  /** By status, or `default`. */
  responses: Record<string, Answer>;
}

export interface Answer {
  /** By name in lower case. */
  headers: Record<string, { required: boolean; check: Check<string> }>;
  content: Content;
}

/** By media type. */
export type Content = Record<string, Check>;

/** Says what is wrong with a value, but not the value; nothing where it is valid. */
export type Check<T = unknown> = (value: T) => string[];

/** Of an OpenAPI document, what is read here. Lint has seen to it that a spec has this shape. */
interface Document {
  servers: { url: string }[];
  paths: Record<string, Partial<Record<(typeof methods)[number], OperationObject>> & { parameters?: Ref<Parameter>[] }>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, { type: string }> };
}

interface OperationObject {
  operationId: string;
  parameters?: Ref<Parameter>[];
  requestBody?: Ref<{ required?: boolean; content: Media }>;
  responses: Record<string, Ref<{ headers?: Record<string, Ref<Header>>; content?: Media }>>;
}

interface Parameter extends Header {
  name: string;
  in: string;
}

interface Header {
  required?: boolean;
  schema: object;
}

type Media = Record<string, { schema: object }>;
type Ref<T extends object> = T | { $ref: string };

const methods = ["get", "put", "post", "delete", "patch"] as const;

/** The API of each provider. Its schemas are compiled when they are first needed. */
export const apis = (await providersOf(process.cwd())).map(({ name, specFile }) => readApi(name, specFile));

function readApi(provider: string, specFile: string): Api {
  const extensions = new Set<string>();
  const document = JSON.parse(JSON.stringify(load(readFileSync(specFile, "utf8"))), (key, value: unknown) => {
    if (key.startsWith("x-")) extensions.add(key);
    if (key === "$ref" && typeof value === "string") return value.replace("#/components/schemas", `${provider}#/$defs`);
    return isClosable(value) ? { ...value, unevaluatedProperties: false } : value;
  }) as Document;

  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);
  // Times that are numbers: any number is one.
  for (const format of ["unixtime", "unixtime-ms"]) ajv.addFormat(format, { type: "number", validate: () => true });
  ajv.addVocabulary(["example", ...extensions]);
  ajv.addSchema({ $defs: document.components.schemas }, provider);

  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => (item[method] ? [readOperation(path, method, item[method], item.parameters)] : [])),
  );
  return { provider, baseUrl: new URL(document.servers[0]?.url ?? ""), operations };

  function readOperation(path: string, method: string, operation: OperationObject, shared: Ref<Parameter>[] = []) {
    const body = operation.requestBody && resolved(operation.requestBody);
    const responses = Object.entries(operation.responses).map(([status, response]) => {
      const { headers = {}, content = {} } = resolved(response);
      const readHeaders = Object.entries(headers).map(([name, header]) => {
        const { required = false, schema } = resolved(header);
        return [name.toLowerCase(), { required, check: textCheck(schema) }] as const;
      });
      return [status, { headers: Object.fromEntries(readHeaders), content: readContent(content) }] as const;
    });
    return {
      name: `${provider}.${operation.operationId}`,
      bearer: Object.values(document.components.securitySchemes).every(({ type }) => type === "http"),
      method: method.toUpperCase(),
      path: new RegExp(`^${path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
      parameters: [...shared, ...(operation.parameters ?? [])].map((parameter) => {
        const { name, in: place, required = false, schema } = resolved(parameter);
        return { name, in: place, required, check: textCheck(schema) };
      }),
      body: body && { required: body.required ?? false, content: readContent(body.content) },
      responses: Object.fromEntries(responses),
    };
  }

  function readContent(content: Media): Content {
    return Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, checkOf(schema)]));
  }

  function checkOf(schema: object): Check {
    return (value) => {
      const validate = ajv.compile(schema);
      if (validate(value)) return [];
      return (validate.errors ?? []).map(({ instancePath, message = "", params }) => {
        const { unevaluatedProperty: extra } = params as { unevaluatedProperty?: string };
        return `${instancePath} ${extra === undefined ? message : `has ${extra}, which is not documented`}`.trim();
      });
    };
  }

  /** Of text, which may stand for a number or a boolean: one of its readings has to fit. */
  function textCheck(schema: object): Check<string> {
    const check = checkOf(schema);
    return (text) => {
      const readings: unknown[] = [text];
      if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)) readings.push(Number(text));
      if (text === "true" || text === "false") readings.push(text === "true");
      const problems = readings.map(check);
      return problems.some(({ length }) => length === 0) ? [] : (problems.at(-1) ?? []);
    };
  }

  /** What is meant by a reference to a component that is no schema. */
  function resolved<T extends object>(value: Ref<T>): T {
    if (!("$ref" in value)) return value;
    const names = value.$ref.split("/").slice(1);
    return names.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], document) as T;
  }
}

/** A schema of an object with named properties, which does not say itself whether it may have others. */
function isClosable(value: unknown): value is object {
  if (typeof value !== "object" || value === null || !("type" in value) || !("properties" in value)) return false;
  return value.type === "object" && typeof value.properties === "object" && !("additionalProperties" in value);
}
