/**
 * Names of places in an API, the same for every document that describes it:
 *
 *     GET /keys                        an operation
 *     GET /keys > query offset         a parameter
 *     POST /keys > body > limit        a field of the request's body
 *     GET /keys > 200                  a response, and the schema of its body
 *     GET /keys > 200 > data[].limit   a field of a response: `[]` is any item, `{}` any value, `(2)` the second alternative
 *     GET /keys > 429 > header Retry-After
 *     info                             the document itself
 *
 * A body that is not JSON has its media type beside it: `GET /keys > 200 text/csv`.
 */
export function operationPlace(method: string, path: string): string {
  return `${method.toUpperCase()} ${printable(path)}`;
}

export function inside(place: string, part: string): string {
  return `${place} > ${printable(part)}`;
}

export function bodyPlace(place: string, mediaType: string): string {
  return mediaType === "application/json" ? place : `${place} ${mediaType}`;
}

/** Names can come from documents that are not ours, and places are printed. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, "\uFFFD");
}

export type SchemaStep =
  // Of `properties`, of an array, of `additionalProperties`, and of `oneOf` and its like.
  { into: "property"; name: string } | { into: "items" } | { into: "values" } | { into: "alternative"; number: number };

/** The place of a schema, reached by `steps` from the schema of a body, a parameter or a header. */
export function schemaPlace(place: string, steps: SchemaStep[]): string {
  let path = "";
  for (const step of steps) {
    switch (step.into) {
      case "property":
        path += `${path === "" ? "" : "."}${/^[\w$-]+$/.test(step.name) ? step.name : JSON.stringify(step.name)}`;
        break;
      case "items":
        path += "[]";
        break;
      case "values":
        path += "{}";
        break;
      case "alternative":
        path += `(${step.number})`;
        break;
    }
  }
  return path === "" ? place : inside(place, path);
}

/** Whether a place is meant by a pattern: `*` stands for anything within a part, `**` for anything. */
export function placeMatcher(pattern: string): (place: string) => boolean {
  const source = pattern
    .split(/(\*\*?)/)
    .map((part) => (part === "**" ? ".*" : part === "*" ? "[^>]*" : part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")))
    .join("");
  const expression = new RegExp(`^${source}$`, "u");
  return (place) => expression.test(place);
}

/** The places that a place lies in, the nearest first. */
export function placesAround(place: string): string[] {
  const around = place.replace(/(?: > [^>[\]{}().]+|\.?"(?:[^"\\]|\\.)*"|\.[^>[\]{}().]+|\[\]|\{\}|\(\d+\))$/u, "");
  return around === place || around === "" ? [] : [around, ...placesAround(around)];
}
