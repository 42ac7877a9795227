/** How a list is paged, as an operation's `x-redoclyPagination` says. */
import { isObject, SpecError, textOf, type JsonObject, type Spec } from "./spec.js";

/** The `x-redoclyPagination` of an operation, checked. */
export type Pagination = { style: string } & Record<string, string>;

interface Paged {
  operation: JsonObject;
  parameters: JsonObject[];
  /** The schemas of its successful answers. */
  answers: unknown[];
  place: string;
}

/** Query parameters by name, places in the answer by JSON pointer, with the type that has to be there. */
interface Style {
  parameter?: string;
  pointers: Readonly<Record<string, string>>;
  optionalPointers?: Readonly<Record<string, string>>;
}

const STYLES: Readonly<Record<string, Style>> = {
  cursor: {
    parameter: "cursorParam",
    pointers: { nextCursor: "string", items: "array" },
    optionalPointers: { hasMore: "boolean" },
  },
  offset: { parameter: "offsetParam", pointers: { items: "array" } },
  page: { parameter: "offsetParam", pointers: { items: "array" } },
  link: { pointers: { items: "array" } },
  "body-link": { pointers: { nextLink: "string", items: "array" } },
};

/** Undefined where the operation is not paged. @throws SpecError */
export function paginationOf(spec: Spec, paged: Paged): Pagination | undefined {
  const rule = paged.operation["x-redoclyPagination"];
  if (rule === undefined) return undefined;
  const place = `${paged.place}/x-redoclyPagination`;
  if (!isObject(rule)) throw new SpecError(place, "must be an object");
  const name = textOf(rule["style"]) ?? "";
  const style = Object.hasOwn(STYLES, name) ? STYLES[name] : undefined;
  if (!style) {
    const known = Object.keys(STYLES).join(", ");
    throw new SpecError(place, `unknown style ${JSON.stringify(rule["style"])}; known are ${known}`);
  }
  const { parameter, pointers, optionalPointers = {} } = style;
  const allowed = ["style", "limitParam", parameter, ...Object.keys({ ...pointers, ...optionalPointers })];
  const odd = Object.keys(rule).find((key) => !allowed.includes(key));
  if (odd !== undefined) throw new SpecError(place, `${JSON.stringify(odd)} means nothing to the style ${name}`);

  const checked: Pagination = { style: name };
  const given = (key: string) => rule[key] !== undefined;
  for (const key of [...(parameter === undefined ? [] : [parameter]), ...["limitParam"].filter(given)]) {
    checked[key] = checkedParameter(paged, key, { value: textOf(rule[key]), style: name, place });
  }
  for (const [key, type] of Object.entries({ ...pointers, ...optionalPointers })) {
    if (!given(key) && key in optionalPointers) continue;
    checked[key] = checkedPointer(spec, paged, key, { value: rule[key], style: name, place, type });
  }
  return checked;
}

/** The name of a query parameter of the operation. */
function checkedParameter(
  { parameters }: Paged,
  key: string,
  { value, style, place }: { value: string | undefined; style: string; place: string },
): string {
  if (value === undefined) throw new SpecError(place, `the style ${style} needs ${key}, the name of a query parameter`);
  if (parameters.some((parameter) => parameter["in"] === "query" && parameter["name"] === value)) return value;
  throw new SpecError(place, `${key} ${JSON.stringify(value)} is not a query parameter of this operation`);
}

/** A pointer to where an answer has something of this type. */
function checkedPointer(
  spec: Spec,
  { answers }: Paged,
  key: string,
  { value, style, place, type }: { value: unknown; style: string; place: string; type: string },
): string {
  if (typeof value !== "string" || (value !== "" && !value.startsWith("/"))) {
    throw new SpecError(place, `the style ${style} needs ${key}, a JSON pointer into the answer`);
  }
  const types = answers.flatMap((answer) => spec.schemaAt(answer, value)?.["type"]);
  if (types.includes(type)) return value;
  const wanted = type === "array" ? "an array" : `a ${type}`;
  throw new SpecError(place, `${key} ${JSON.stringify(value)} does not lead to ${wanted} in the answer`);
}
