/** How a list is paged, as an operation's `x-redoclyPagination` says. */
import { isObject, SpecError, textOf, type JsonObject, type Spec } from "./spec.js";

/** The sizes that a page may have: the largest is asked for unless the caller says another one. */
interface PageSize {
  parameter: string;
  least: number;
  most: number;
}

/** The `x-redoclyPagination` of an operation, checked. */
export interface Pagination {
  style: string;
  limit?: PageSize;
  [key: string]: unknown;
}

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
  none: { pointers: { items: "array" } },
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
  if (parameter !== undefined) {
    checked[parameter] = checkedParameter(paged, parameter, { value: textOf(rule[parameter]), style: name, place })[
      "name"
    ];
  }
  if (given("limitParam"))
    checked.limit = pageSize(spec, paged, { value: textOf(rule["limitParam"]), style: name, place });
  for (const [key, type] of Object.entries({ ...pointers, ...optionalPointers })) {
    if (!given(key) && key in optionalPointers) continue;
    checked[key] = checkedPointer(spec, paged, key, { value: rule[key], style: name, place, type });
  }
  if (name === "page" && !checked.limit) {
    throw new SpecError(
      place,
      "the style page needs limitParam: pages of chosen sizes overlap, so that no key is missed",
    );
  }
  return checked;
}

interface Named {
  value: string | undefined;
  style: string;
  place: string;
}

/** A query parameter of the operation. */
function checkedParameter({ parameters }: Paged, key: string, { value, style, place }: Named): JsonObject {
  if (value === undefined) throw new SpecError(place, `the style ${style} needs ${key}, the name of a query parameter`);
  const found = parameters.find((parameter) => parameter["in"] === "query" && parameter["name"] === value);
  if (found) return found;
  throw new SpecError(place, `${key} ${JSON.stringify(value)} is not a query parameter of this operation`);
}

/** The sizes that a page may have. */
function pageSize(spec: Spec, paged: Paged, named: Named): PageSize {
  const { name, schema } = checkedParameter(paged, "limitParam", named);
  // What stands beside a $ref is narrower.
  const sizes: JsonObject = { ...spec.resolve(schema), ...(isObject(schema) ? schema : {}) };
  const { minimum: least = 1, maximum: most, exclusiveMaximum, multipleOf = 1, enum: values } = sizes;
  const refuse = (problem: string) => new SpecError(named.place, `limitParam ${JSON.stringify(name)} ${problem}`);
  if (typeof least !== "number" || typeof most !== "number" || !Number.isInteger(most) || most < 1) {
    throw refuse("needs a maximum in its schema: it is what is asked for");
  }
  const isAbove = exclusiveMaximum === true || (typeof exclusiveMaximum === "number" && exclusiveMaximum <= most);
  if (isAbove || most % Number(multipleOf) !== 0 || (Array.isArray(values) && !values.includes(most)) || least > most) {
    throw refuse(`may not be its maximum, ${most}, which is what is asked for`);
  }
  // Of 11 sizes or more, there is one whose pages do not end with a given row.
  if (named.style === "page" && (most < 20 || least > 10)) {
    throw refuse("of pages by number must take 10 to 20, so that pages can overlap");
  }
  return { parameter: String(name), least, most };
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
  const wanted = /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
  throw new SpecError(place, `${key} ${JSON.stringify(value)} does not lead to ${wanted} in the answer`);
}
