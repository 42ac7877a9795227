/** Two schemas written out side by side, so that what differs in them is what they say differently, and nothing else. */
import { SpecError, type JsonObject, type Spec } from "../render/spec.js";
import { shapeOf, type Shape } from "./shape.js";

/** What the curated document has and what the other has; undefined if nothing. */
export type Two<T> = readonly [curated: T, other: T];

// A document can be small and still mean a huge tree: every $ref that is followed may lead to more of them.
const MOST_SCHEMAS = 20_000;

/**
 * References are followed as far as both documents go; beyond that one level is written. Three things that differ are no
 * difference: the order of a list, limits that only the curated schema has (it is stricter on purpose), and everything
 * below two schemas of which one allows no type of the other, or says nothing at all.
 */
export function schemaAligner(curated: Spec, other: Spec) {
  const active: Two<unknown>[] = [];
  let count = 0;

  function align(pair: Two<unknown>): Two<JsonObject> {
    const [ours, theirs] = pair;
    if (active.some(([a, b]) => a === ours && b === theirs)) return [{}, {}];
    active.push(pair);
    const aligned = alignShapes([shapeOf(curated, ours), shapeOf(other, theirs)]);
    active.pop();
    return aligned;
  }

  function alignShapes([ours, theirs]: Two<Shape>): Two<JsonObject> {
    if (saysNothing(ours) || saysNothing(theirs)) return [typeAlone(ours), typeAlone(theirs)];
    if (ours.type && theirs.type && !ours.type.some((type) => theirs.type?.includes(type))) {
      return [typeAlone(ours), typeAlone(theirs)];
    }
    const [left, right] = [facts(ours), facts(theirs)];
    if (theirs.deprecated) {
      right["deprecated"] = true;
      if (ours.deprecated) left["deprecated"] = true;
    }
    for (const [limit, value] of theirs.limits) {
      right[limit] = value;
      if (ours.limits.has(limit)) left[limit] = ours.limits.get(limit);
    }
    alignProperties([ours, theirs], [left, right]);
    const items = alignOptional([ours.items, theirs.items]);
    const values = alignOptional([valuesIn(curated, ours), valuesIn(other, theirs)]);
    if (items[0]) left["items"] = items[0];
    if (items[1]) right["items"] = items[1];
    if (values[0]) left["additionalProperties"] = values[0];
    if (values[1]) right["additionalProperties"] = values[1];
    alignAlternatives([ours, theirs], [left, right]);
    return [left, right];
  }

  function alignProperties([ours, theirs]: Two<Shape>, [left, right]: Two<JsonObject>): void {
    const names = new Set([...ours.properties.keys(), ...theirs.properties.keys()]);
    if (names.size === 0) return;
    const aligned = [...names].map((name) => {
      const [a, b] = alignOptional([ours.properties.get(name), theirs.properties.get(name)]);
      return { name, a, b };
    });
    left["properties"] = entries(aligned.map(({ name, a }) => [name, a]));
    right["properties"] = entries(aligned.map(({ name, b }) => [name, b]));
    // Whether a field is required is a question only where both have it.
    const shared = aligned.filter(({ a, b }) => a && b).map(({ name }) => name);
    const required = ({ required }: Shape): string[] | undefined =>
      required && shared.filter((name) => required.has(name)).sort();
    const [a, b] = [required(ours) ?? [], required(theirs)];
    if (a.length > 0 || (b && b.length > 0)) left["required"] = a;
    if (b) right["required"] = b;
  }

  /** By the number of the curated alternative; those of the same type are taken for the same. */
  function alignAlternatives([ours, theirs]: Two<Shape>, [left, right]: Two<JsonObject>): void {
    if (ours.alternatives.length === 0 && theirs.alternatives.length === 0) return;
    const rest = [...theirs.alternatives];
    const aligned = ours.alternatives.map((one) => {
      const type = String(shapeOf(curated, one).type);
      const at = rest.findIndex((candidate) => String(shapeOf(other, candidate).type) === type);
      return alignOptional([one, at < 0 ? undefined : rest.splice(at, 1)[0]]);
    });
    aligned.push(...rest.map((one) => alignOptional([undefined, one])));
    left["oneOf"] = entries(aligned.map(([a], index) => [`${index}`, a]));
    right["oneOf"] = entries(aligned.map(([, b], index) => [`${index}`, b]));
  }

  function alignOptional([ours, theirs]: Two<unknown>): Two<JsonObject | undefined> {
    if (ours === undefined && theirs === undefined) return [undefined, undefined];
    count += 1;
    if (count > MOST_SCHEMAS) {
      throw new SpecError("#", `its schemas unfold into more than ${MOST_SCHEMAS}`);
    }
    if (ours === undefined) return [undefined, facts(shapeOf(other, theirs))];
    if (theirs === undefined) return [facts(shapeOf(curated, ours)), undefined];
    return align([ours, theirs]);
  }

  return alignOptional;
}

/** A map of anything is no more than an object. */
function valuesIn(spec: Spec, { values }: Shape): unknown {
  return values === undefined || saysNothing(shapeOf(spec, values)) ? undefined : values;
}

function saysNothing(shape: Shape): boolean {
  return Object.keys(facts(shape)).length === 0 && shape.alternatives.length === 0;
}

function typeAlone(shape: Shape): JsonObject {
  if (shape.type) return facts({ ...shape, format: undefined, enum: undefined });
  return shape.alternatives.length > 0 ? { type: "alternatives" } : {};
}

function facts({ type, format, enum: values }: Shape): JsonObject {
  return {
    ...(type && { type: type.length === 1 ? type[0] : type }),
    ...(format !== undefined && { format }),
    ...(values && { enum: [...values].sort() }),
  };
}

/** Without what is undefined, and safe for any name. */
export function entries(list: (readonly [string, unknown])[]): JsonObject {
  return Object.fromEntries(list.filter(([, value]) => value !== undefined));
}
