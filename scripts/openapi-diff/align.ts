/** Two documents reduced to what can be compared: the operations that we cover, written out, without prose. */
import { isObject, type JsonObject, type Spec } from "../render/spec.js";
import { entries, schemaAligner, type Two } from "./align-schemas.js";
import type { Operation, OperationPair } from "./operations.js";
import { nameOf, pairParameters } from "./parameters.js";

/** In the order of the pairs; undefined where a document has no such operation. */
export function alignOperations(curated: Spec, other: Spec, pairs: OperationPair[]): Two<JsonObject | undefined>[] {
  const specs = [curated, other] as const;
  const alignSchemas = schemaAligner(curated, other);

  return pairs.map((pair) =>
    pair.curated && pair.other ? alignOperation([pair.curated, pair.other]) : [pair.curated && {}, pair.other && {}],
  );

  function alignOperation([ours, theirs]: Two<Operation>): Two<JsonObject> {
    const parameters = alignParameters([ours.parameters, theirs.parameters]);
    const responses = alignResponses([ours.node["responses"], theirs.node["responses"]]);
    const body = alignRequest([ours.node["requestBody"], theirs.node["requestBody"]]);
    const deprecated = alignDeprecated([ours.node, theirs.node]);
    return both((side) =>
      entries([
        ...deprecated[side],
        ["requestBody", body[side]],
        ["responses", responses[side]],
        ["parameters", parameters[side]],
      ]),
    );
  }

  /** By the number of the pair: the two may be called differently. */
  function alignParameters(lists: Two<JsonObject[]>): Two<JsonObject> {
    const aligned = pairParameters(lists).map(alignParameter);
    return both((side) => entries(aligned.map((pair, index) => [`${index}`, pair[side]])));
  }

  function alignParameter(pair: Two<JsonObject | undefined>): Two<JsonObject | undefined> {
    const schemas = alignSchemas([schemaOf(pair[0]), schemaOf(pair[1])]);
    const [ours] = pair;
    const deprecated = alignDeprecated(pair);
    return both((side) => {
      const parameter = pair[side];
      if (!parameter) return undefined;
      // The case of a header's name is no difference.
      const sameName = ours && nameOf(ours) === nameOf(parameter);
      return entries([
        ...deprecated[side],
        ["x-name", (sameName ? ours : parameter)["name"]],
        ["x-in", parameter["in"]],
        ["required", parameter["required"] === true],
        ["schema", schemas[side] ?? {}],
      ]);
    });
  }

  function alignRequest(pair: Two<unknown>): Two<JsonObject | undefined> {
    const bodies = resolved(pair);
    const content = alignContent([bodies[0]?.["content"], bodies[1]?.["content"]]);
    return both((side) => {
      const body = bodies[side];
      return body && { required: body["required"] === true, content: content[side] };
    });
  }

  /**
   * A range of statuses, `2XX`, speaks of each of ours that it does not name by itself: so does a document that tells what
   * comes back and not with which status.
   */
  function alignResponses([ours, theirs]: Two<unknown>): Two<JsonObject> {
    const left = isObject(ours) ? ours : {};
    const right = isObject(theirs) ? theirs : {};
    const spoken = new Set<string>();
    const pairs = Object.entries(left).map(([status, response]) => {
      const range = `${status.charAt(0)}XX`;
      const key = [status, range, range.toLowerCase()].find((one) => Object.hasOwn(right, one));
      if (key !== undefined) spoken.add(key);
      return { status, pair: [response, key && right[key]] as const };
    });
    for (const [status, response] of Object.entries(right)) {
      if (!spoken.has(status)) pairs.push({ status, pair: [undefined, response] });
    }
    const aligned = pairs.map(({ status, pair }) => ({ status, responses: alignResponse(pair) }));
    return both((side) => entries(aligned.map(({ status, responses }) => [status, responses[side]])));
  }

  function alignResponse(pair: Two<unknown>): Two<JsonObject | undefined> {
    const responses = resolved(pair);
    if (!responses[0] || !responses[1]) {
      return both((side) => responses[side] && {});
    }
    const content = alignContent([responses[0]["content"], responses[1]["content"]]);
    const headers = alignMaps(spelledAlike([responses[0]["headers"], responses[1]["headers"]]), (headers) => {
      const [a, b] = resolved(headers);
      const schemas = alignSchemas([schemaOf(a), schemaOf(b)]);
      return both((side) => (headers[side] === undefined ? undefined : { schema: schemas[side] ?? {} }));
    });
    return both((side) => ({ headers: headers[side], content: content[side] }));
  }

  function alignContent(pair: Two<unknown>): Two<JsonObject> {
    return alignMaps([plainMediaTypes(pair[0]), plainMediaTypes(pair[1])], (mediaTypes) => {
      const [a, b] = resolved(mediaTypes);
      const schemas = alignSchemas([a?.["schema"], b?.["schema"]]);
      return both((side) => (mediaTypes[side] === undefined ? undefined : { schema: schemas[side] ?? {} }));
    });
  }

  function resolved(pair: Two<unknown>): Two<JsonObject | undefined> {
    return both((side) => specs[side].resolve(pair[side]));
  }

  function schemaOf(parameter: JsonObject | undefined): unknown {
    if (!parameter) return undefined;
    const content = isObject(parameter["content"]) ? Object.values(parameter["content"])[0] : {};
    return parameter["schema"] ?? (isObject(content) ? content["schema"] : undefined) ?? {};
  }
}

function both<T>(of: (side: 0 | 1) => T): Two<T> {
  return [of(0), of(1)];
}

/** The curated side says so only where the other does: deprecating something is news, and not doing so is not. */
function alignDeprecated([ours, theirs]: Two<JsonObject | undefined>) {
  const [left, right] = [ours?.["deprecated"] === true, theirs?.["deprecated"] === true];
  return both((side) => [["deprecated", (right && (side === 1 || left)) || undefined] as const]);
}

function alignMaps(
  [ours, theirs]: Two<unknown>,
  align: (pair: Two<unknown>) => Two<JsonObject | undefined>,
): Two<JsonObject> {
  const left = isObject(ours) ? ours : {};
  const right = isObject(theirs) ? theirs : {};
  const aligned = [...new Set([...Object.keys(left), ...Object.keys(right)])].map((key) => ({
    key,
    pair: align([own(left, key), own(right, key)]),
  }));
  return both((side) => entries(aligned.map(({ key, pair }) => [key, pair[side]])));
}

function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The case of a header's name is no difference. */
function spelledAlike([ours, theirs]: Two<unknown>): Two<unknown> {
  const names = new Map(isObject(ours) ? Object.keys(ours).map((name) => [name.toLowerCase(), name]) : []);
  if (!isObject(theirs)) return [ours, theirs];
  return [
    ours,
    entries(Object.entries(theirs).map(([name, header]) => [names.get(name.toLowerCase()) ?? name, header])),
  ];
}

/** `application/json; charset=UTF-8` is `application/json`. */
function plainMediaTypes(content: unknown): JsonObject {
  const map = isObject(content) ? content : {};
  return Object.fromEntries(
    Object.entries(map).map(([type, value]) => [(type.split(";")[0] ?? type).trim().toLowerCase(), value]),
  );
}
