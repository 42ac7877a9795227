/** Providers of other packages: modules that `--provider` and keysmith.json name, loaded and looked at. */
import { readFileSync, statSync, type Stats } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { apis } from "../../generated/apis.js";
import { defineProvider, type Provider } from "../define.js";
import { at, isObject } from "../json.js";
import { UsageError } from "./errors.js";
import { isSystemError } from "../files/system-errors.js";
import { textOf } from "./text-files.js";

const FLAG = "--provider";
const FILE = "keysmith.json";

/** A module as it is named, and by what. */
interface Named {
  specifier: string;
  by: string;
}

/** The arguments without `--provider`, and the modules that it names. @throws UsageError where it names none */
export function withoutModules(args: readonly string[]): { rest: string[]; named: Named[] } {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const named: Named[] = [];
  const rest = args.slice(0, end).flatMap((arg, at, all) => {
    if (all[at - 1] === FLAG) return [];
    if (arg !== FLAG && !arg.startsWith(`${FLAG}=`)) return [arg];
    const specifier = arg === FLAG ? all[at + 1] : arg.slice(FLAG.length + 1);
    if (!specifier) throw new UsageError(`${FLAG} names no module. Give a package, or a path that begins with . or /.`);
    named.push({ specifier, by: FLAG });
    return [];
  });
  return { rest: [...rest, ...args.slice(end)], named };
}

/** What keysmith.json of the working folder names; nothing where there is none. @throws UsageError */
export function inProjectFile(): Named[] {
  const stats = statSync(FILE, { throwIfNoEntry: false });
  if (!stats) return [];
  const refuse = (problem: string, options?: ErrorOptions) => new UsageError(`${FILE}: ${problem}.`, options);
  if (!isTrusted(stats)) {
    throw refuse(`another user may have written it, and it names programs. Own it, or give ${FLAG} instead`);
  }
  let content: unknown;
  try {
    content = JSON.parse(textOf(readFileSync(FILE)));
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const { providers = [] } = isObject(content) ? content : { providers: undefined };
  if (
    isObject(content) &&
    Array.isArray(providers) &&
    providers.every((one) => typeof one === "string" && one !== "")
  ) {
    return (providers as string[]).map((specifier) => ({ specifier, by: FILE }));
  }
  throw refuse(`it has to be an object, and its "providers" a list of packages and paths`);
}

/** Whether nobody but this user and the system's own can have written it. */
function isTrusted({ uid, mode }: Stats): boolean {
  const self = process.getuid?.();
  return self === undefined || ((uid === self || uid === 0) && (mode & 0o002) === 0);
}

/** Loads modules, and makes the providers known that they define. @throws UsageError naming the first that cannot be. */
export async function loadModules(named: readonly Named[]): Promise<void> {
  const loaded = new Map<string, string>();
  for (const module of named) {
    const refuse = (problem: string, options?: ErrorOptions) =>
      new UsageError(`${module.by} names ${module.specifier}: ${problem}.`, options);
    const exported = await defaultOf(module.specifier, refuse);
    const problem = problemOf(exported);
    if (problem !== undefined) {
      throw refuse(`its default export is not what defineProvider of keysmith/kit gives: ${problem}`);
    }
    const provider = exported as Provider;
    const { provider: name } = provider.api;
    const other = loaded.get(name);
    if (Object.hasOwn(apis, name)) throw refuse(`it defines ${name}, which is a provider of keysmith's own`);
    if (other !== undefined && other !== module.specifier) throw refuse(`it defines ${name}, as ${other} does`);
    loaded.set(name, module.specifier);
    // It may have another copy of keysmith, where it has made itself known.
    defineProvider(provider);
  }
}

type Refuse = (problem: string, options?: ErrorOptions) => UsageError;

async function defaultOf(specifier: string, refuse: Refuse): Promise<unknown> {
  const url = await urlOf(specifier, refuse);
  try {
    const module: unknown = await import(url);
    return isObject(module) ? module["default"] : undefined;
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    throw refuse(`it cannot be loaded: ${says.replace(/\.$/, "")}`, { cause: error });
  }
}

/** Where a module is: a path from the working folder on, a package by what is installed there or beside keysmith. */
async function urlOf(specifier: string, refuse: Refuse): Promise<string> {
  if (/^[./]|^[a-z]:[\\/]/i.test(specifier)) {
    const path = resolve(specifier);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw refuse("there is no such file");
    return pathToFileURL(path).href;
  }
  // A URL would be code from anywhere.
  if (!/^(@[\w.-]+\/)?[\w-][\w./-]*$/.test(specifier))
    throw refuse("it is neither a package nor a path that begins with . or /");
  const { resolve: resolved } = await import("import-meta-resolve");
  let problem: unknown;
  for (const from of [pathToFileURL(resolve("keysmith.json")).href, import.meta.url]) {
    try {
      return resolved(specifier, from);
    } catch (error) {
      problem ??= error;
    }
  }
  const missing = isSystemError(problem, "ERR_MODULE_NOT_FOUND");
  const says = problem instanceof Error ? problem.message : String(problem);
  throw refuse(missing ? `it is not installed here: npm install ${specifier}` : says, { cause: problem });
}

type Check = readonly [pointer: string, is: (value: unknown) => boolean, what: string];

const isText = (value: unknown) => typeof value === "string" && value !== "";
const isFunction = (value: unknown) => typeof value === "function";
const like = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);
const listOf = (is: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(is);
const isFlag = (value: unknown) =>
  isObject(value) && like(/^--[a-z]/)(value["flags"]) && isText(value["description"]) && isText(value["field"]);
const isOperation = (value: unknown) =>
  isObject(value) && isText(value["method"]) && isText(value["path"]) && typeof value["idempotent"] === "boolean";

/** What the command relies on, of what may be anything. */
const CHECKS: readonly Check[] = [
  ["/api/provider", like(/^[a-z][a-z0-9]*$/), "a name of lower-case letters and digits"],
  ["/api/baseUrl", like(/^https:\/\/./), "an https URL"],
  ["/api/baseUrlEnv", like(/^[A-Za-z_]\w*$/), "the name of a variable"],
  ["/api/credentialEnv", like(/^[A-Za-z_]\w*$/), "the name of a variable"],
  [
    "/api/auth",
    (value) => listOf((one) => isObject(one) && isText(one["header"]))(value) && at(value, "/0") !== undefined,
    "a list of headers",
  ],
  ["/api/key/id", like(/^\//), "a JSON pointer"],
  [
    "/api/operations",
    (value) => isObject(value) && Object.values(value).every(isOperation),
    "operations by their names",
  ],
  ["/connect", isFunction, "a function"],
  ...["everything", "input", "compare"].map((name): Check => [`/copy/${name}`, isFunction, "a function"]),
  ...["list", "scope", "create", "rotate", "update"].map((name): Check => [
    `/flags/${name}`,
    listOf(isFlag),
    "a list of flags, each with flags, description and field",
  ]),
  ["/flags/methods", listOf(isText), "a list of methods"],
  ["/flags/credential", (value) => typeof value === "string", "a text"],
  ["/flags/examples", isObject, "examples by command"],
  ["/sandbox", (value) => value === undefined || isFunction(value), "a function"],
  ["/spec", (value) => value === undefined || value instanceof URL, "a URL"],
];

/** What of a definition is missing or wrong, and where; undefined where nothing is. */
function problemOf(exported: unknown): string | undefined {
  if (exported === undefined) return "there is none";
  for (const [pointer, is, what] of CHECKS) {
    const value = at(exported, pointer);
    if (is(value)) continue;
    const place = pointer.slice(1).replaceAll("/", ".");
    return value === undefined ? `${place} is missing` : `${place} is not ${what}`;
  }
  return undefined;
}
