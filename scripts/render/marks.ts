/** Marks that stand where no code reads them: a limit of one operation, a header's name that is sent, an unused variable. */
import { isObject, METHODS, pointer, type Spec } from "./spec.js";

const ITEM = String.raw`(paths|components/pathItems)/[^/]+`;
const OPERATION = `${ITEM}/(${METHODS.join("|")})`;
const SCHEME = "components/securitySchemes/[^/]+";
const PARAMETER = String.raw`(components/parameters/[^/]+|${ITEM}/(\w+/)?parameters/\d+)`;

/** Where each is read, as a JSON pointer without its beginning; and where that is, in words. */
const READ: Readonly<Record<string, readonly [places: string, words: string]>> = {
  "x-rate-limit": ["", "at the top of the document"],
  "x-envelope": ["", "at the top of the document"],
  "x-idempotent": [OPERATION, "at an operation"],
  "x-redoclyPagination": [OPERATION, "at an operation"],
  "x-key-secret": [OPERATION, "at an operation"],
  "x-key-chosen": [OPERATION, "at an operation"],
  "x-key-fields": ["components/schemas/[^/]+", "at a schema of components"],
  "x-self-hosted": ["servers/0", "at the first server"],
  "x-prefix": [SCHEME, "at a security scheme"],
  "x-send": [PARAMETER, "at a parameter"],
  "x-option": [`(${SCHEME}|${PARAMETER})`, "at a security scheme or a parameter"],
  "x-env": [`(servers/0|${SCHEME}|${PARAMETER})`, "at the first server, a security scheme or a parameter"],
};

/** What is of values, or of other people's requests, and no part of what is said of this API's. */
const OTHER = new Set(["example", "examples", "default", "const", "enum", "callbacks", "webhooks"]);
/** Objects whose members have names of the document's own choice. */
const NAMED = /\/(properties|patternProperties|headers|responses|\$defs|dependentSchemas|mapping|variables|scopes)$/;

/** Each with the place where it stands, and with where it would be read. */
export function* unreadMarks(spec: Spec): Generator<[place: string, problem: string]> {
  const due: [place: string, node: unknown][] = [["#", spec.document]];
  for (const [place, node] of due) {
    if (typeof node !== "object" || node === null) continue;
    const named = NAMED.test(place) || /^#\/(paths|components\/\w+)$/.test(place);
    for (const [name, value] of Array.isArray(node) ? node.entries() : Object.entries(node)) {
      const at = place + pointer(name);
      const mark = !named && isObject(node) ? String(name) : "";
      const [places, words] = (Object.hasOwn(READ, mark) ? READ[mark] : undefined) ?? [];
      if (places !== undefined && !new RegExp(`^${places}$`).test(place.slice(2))) {
        yield [at, `is not read here, but ${words ?? ""}`];
      }
      if (!mark.startsWith("x-") && !OTHER.has(mark)) due.push([at, value]);
    }
  }
}
