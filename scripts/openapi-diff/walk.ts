/** One walk over the same operations of two documents: what they say differently, and where both say something. */
import { createHash } from "node:crypto";
import { isObject, objectsIn, SpecError, textOf, type JsonObject, type Spec } from "../render/spec.js";
import { serverUrls, skeletonOf, type Operation } from "./operations.js";
import { nameOf, pairParameters, type Two } from "./parameters.js";
import { bodyPlace, inside, schemaPlace, type SchemaStep } from "./place.js";
import { shapeOf, type Shape } from "./shape.js";

export interface Difference {
  /** In the terms of the curated spec; see place.ts. */
  place: string;
  /** What of it: `presence`, `body`, `name`, `type`, `required`, `security`, `server`, `prose`, or a keyword of JSON Schema. */
  aspect: string;
  /** Undefined if it says nothing of the kind. */
  curated: unknown;
  claimed: unknown;
  /** The other document says nothing at all here, rather than something else. */
  silent: boolean;
}

interface At {
  /** The place of the operation, parameter, body or header. */
  name: string;
  /** From there through schemas. */
  steps: SchemaStep[];
  what: "operation" | "parameter" | "status" | "header" | "body" | "field" | "items" | "alternative";
}

type Facts = ReadonlyMap<string, unknown>;

/** What the curated document may say alone, where the other is no earlier version of it: there it is stricter on purpose. */
const OURS_ALONE =
  /^(default|deprecated|(max|min)(Contains|Items|Length|Properties)|(exclusiveM|m)(ax|in)imum|multipleOf|pattern|(read|write)Only|uniqueItems)$/;

// A document can be small and still mean a huge tree: every $ref that is followed may lead to more of them.
const MOST_SCHEMAS = 20_000;

export class Walk {
  readonly differences: Difference[] = [];
  /** The places where both documents say something. */
  readonly shared = new Set<string>();
  readonly #specs: Two<Spec>;
  /** Whether the one is an earlier version of the other, so that whatever is gone and how it is worded counts, too. */
  readonly #versions: boolean;
  readonly #visited: { schemas: number };
  readonly #active: Two<unknown>[] = [];
  readonly #prose = new Map<string, Two<Set<string>>>();

  constructor(specs: Two<Spec>, versions: boolean, visited = { schemas: 0 }) {
    this.#specs = specs;
    this.#versions = versions;
    this.#visited = visited;
  }

  operation(place: string, pair: Two<Operation | undefined>): void {
    const at: At = { name: place, steps: [], what: "operation" };
    const [ours, theirs] = pair;
    if (!this.#both(at, [ours?.node, theirs?.node]) || !ours || !theirs) return;
    this.#facts(at, [factsOfOperation(this.#specs[0], ours, ours), factsOfOperation(this.#specs[1], theirs, ours)]);
    this.#body(part(at, "body", "body"), [ours.node["requestBody"], theirs.node["requestBody"]]);
    this.#responses(at, [ours.node["responses"], theirs.node["responses"]]);
    for (const parameters of pairParameters([ours.parameters, theirs.parameters])) this.#parameter(at, parameters);
  }

  /** Says of all places in whose words the two differ. To be called last. */
  end(): this {
    for (const [place, [ours, theirs]] of this.#prose) {
      const [a, b] = [ours, theirs].map((words) => [...words].sort().join(" "));
      const said = { curated: a === "" ? undefined : a, claimed: b === "" ? undefined : b };
      if (a !== b) this.differences.push({ place, aspect: "prose", ...said, silent: b === "" });
    }
    return this;
  }

  #parameter(operation: At, pair: Two<JsonObject | undefined>): void {
    const [ours, theirs] = pair;
    const { in: where, name } = ours ?? theirs ?? {};
    const at = part(operation, "parameter", `${String(where)} ${String(name)}`);
    const schemas = [schemaOf(ours), schemaOf(theirs)] as const;
    if (!this.#both(at, pair, schemas) || !ours || !theirs) return;
    const named = nameOf(ours) !== nameOf(theirs);
    this.#facts(at, [factsOfParameter(ours, named), factsOfParameter(theirs, named)]);
    this.#schema(at, schemas);
  }

  #body(at: At, pair: Two<unknown>): void {
    const bodies = this.#resolved(pair);
    const [ours, theirs] = bodies;
    if (!this.#both(at, bodies) || !ours || !theirs) return;
    const required = (body: JsonObject) => new Map([["required", body["required"] === true]]);
    this.#facts(at, [required(ours), required(theirs)]);
    this.#content(at, [ours["content"], theirs["content"]]);
  }

  /**
   * A range of statuses, `2XX`, speaks of each of ours that it does not name by itself: so does a document that tells what
   * comes back and not with which status.
   */
  #responses(operation: At, [ours, theirs]: Two<unknown>): void {
    const [left, right] = [mapOf(ours), mapOf(theirs)];
    const spoken = new Set<string>();
    for (const [status, response] of Object.entries(left)) {
      const range = `${status.charAt(0)}XX`;
      const key = [status, range, range.toLowerCase()].find((one) => Object.hasOwn(right, one));
      if (key !== undefined) spoken.add(key);
      this.#response(part(operation, "status", status), [response, key && right[key]]);
    }
    for (const [status, response] of Object.entries(right)) {
      if (!spoken.has(status)) this.#response(part(operation, "status", status), [undefined, response]);
    }
  }

  #response(at: At, pair: Two<unknown>): void {
    const responses = this.#resolved(pair);
    const [ours, theirs] = responses;
    // Its schema is told of where its body is.
    if (!this.#both(at, responses) || !ours || !theirs) return;
    this.#content(at, [ours["content"], theirs["content"]]);
    for (const [name, pair] of pairsOf(...spelledAlike([ours["headers"], theirs["headers"]]))) {
      const headers = this.#resolved(pair);
      const schemas = [schemaOf(headers[0]), schemaOf(headers[1])] as const;
      const place = part(at, "header", `header ${name}`);
      if (this.#both(place, headers, schemas)) this.#schema(place, schemas);
    }
  }

  #content(at: At, [ours, theirs]: Two<unknown>): void {
    for (const [mediaType, pair] of pairsOf(plainMediaTypes(ours), plainMediaTypes(theirs))) {
      const media = this.#resolved(pair);
      const place: At = { ...at, name: bodyPlace(at.name, mediaType), what: "body" };
      const schemas = [schemaOfMedia(media[0]), schemaOfMedia(media[1])] as const;
      if (this.#both(place, media, schemas, "body")) this.#schema(place, schemas);
    }
  }

  /**
   * References are followed as far as both documents go. Nothing is said of what lies below two schemas of which one allows no
   * type of the other, or says nothing at all.
   */
  #schema(at: At, pair: Two<unknown>): void {
    const [ours, theirs] = pair;
    if (++this.#visited.schemas > MOST_SCHEMAS) {
      throw new SpecError("#", `its schemas unfold into more than ${MOST_SCHEMAS}`);
    }
    if (this.#active.some(([a, b]) => a === ours && b === theirs)) return;
    this.#active.push(pair);
    const shapes = [shapeOf(this.#specs[0], ours), shapeOf(this.#specs[1], theirs)] as const;
    this.#words(at, [shapes[0].parts, shapes[1].parts]);
    this.#shapes(at, shapes);
    this.#active.pop();
  }

  #shapes(at: At, [ours, theirs]: Two<Shape>): void {
    const types = [typeOf(ours), typeOf(theirs)] as const;
    this.#facts(at, [new Map([["type", types[0]]]), new Map([["type", types[1]]])]);
    const [a, b] = types.map((type) => [type].flat());
    if (a && b && !a.some((type) => b.includes(type))) return;
    this.#facts(at, [ours.facts, theirs.facts]);
    for (const [name, pair] of pairsOf(ours.properties, theirs.properties)) {
      const field = step(at, "field", { into: "property", name });
      if (!this.#member(field, pair)) continue;
      const [our, their] = [ours.required?.has(name) === true, theirs.required?.has(name)];
      const claimed = this.#versions ? their === true : their;
      if (claimed !== our && (claimed !== undefined || our)) this.#say(field, "required", our, claimed);
    }
    this.#member(step(at, "items", { into: "items" }), [ours.items, theirs.items]);
    this.#member(step(at, "items", { into: "values" }), [ours.values, theirs.values]);
    this.#alternatives(at, [ours.alternatives, theirs.alternatives]);
  }

  #member(at: At, pair: Two<unknown>): boolean {
    const both = this.#both(at, pair, pair);
    if (both) this.#schema(at, pair);
    return both;
  }

  /** By the number of the curated alternative: of those of its type, the one that differs least is the same. */
  #alternatives(at: At, [ours, theirs]: Two<unknown[]>): void {
    const rest = [...theirs];
    const typeIn = (side: 0 | 1, one: unknown): string => String(typeOf(shapeOf(this.#specs[side], one)));
    const pairs = ours.map((one): Two<unknown> => {
      const type = typeIn(0, one);
      const candidates = rest.filter((candidate) => typeIn(1, candidate) === type);
      const [nearest] = candidates
        .map((candidate) => ({ candidate, apart: candidates.length > 1 ? this.#apart(at, [one, candidate]) : 0 }))
        .sort((a, b) => a.apart - b.apart);
      if (nearest) rest.splice(rest.indexOf(nearest.candidate), 1);
      return [one, nearest?.candidate];
    });
    for (const [index, pair] of [...pairs, ...rest.map((one): Two<unknown> => [undefined, one])].entries()) {
      this.#member(step(at, "alternative", { into: "alternative", number: index + 1 }), pair);
    }
  }

  #apart(at: At, pair: Two<unknown>): number {
    const walk = new Walk(this.#specs, false, this.#visited);
    walk.#schema(at, pair);
    return walk.differences.length;
  }

  #facts(at: At, [ours, theirs]: Two<Facts>): void {
    for (const [aspect, [stated, their]] of pairsOf(ours, theirs)) {
      // Our own mark of a secret, which a provider's document seldom has, says nothing of the values.
      const marked = !this.#versions && stated === "password" && their !== "password";
      const our = marked ? undefined : stated;
      if (JSON.stringify(our) === JSON.stringify(their)) continue;
      if (their === undefined && !this.#versions && OURS_ALONE.test(aspect)) continue;
      if (aspect === "enum" && Array.isArray(our) && Array.isArray(their)) {
        for (const value of without(our, their)) this.#say(at, aspect, value, undefined, false);
        for (const value of without(their, our)) this.#say(at, aspect, undefined, value);
      } else {
        this.#say(at, aspect, our, their);
      }
    }
  }

  /** Whether both have something here; where one has nothing, that is what is said. */
  #both(at: At, pair: Two<unknown>, schemas: readonly unknown[] = [], aspect = "presence"): boolean {
    const [ours, theirs] = pair;
    if (ours === undefined && theirs === undefined) return false;
    if (ours === undefined || theirs === undefined) {
      const side = ours === undefined ? 1 : 0;
      const type = typeOf(shapeOf(this.#specs[side], schemas[side]));
      const thing =
        type === undefined || type === "alternatives" ? at.what : `${at.what} (${[type].flat().join(" or ")})`;
      if (side === 0) this.#say(at, aspect, thing, undefined);
      else this.#say(at, aspect, undefined, thing);
      return false;
    }
    this.shared.add(schemaPlace(at.name, at.steps));
    this.#words(at, [[ours], [theirs]]);
    return true;
  }

  #words(at: At, pair: Two<readonly unknown[]>): void {
    if (!this.#versions) return;
    const place = schemaPlace(at.name, at.steps);
    const known = this.#prose.get(place) ?? ([new Set<string>(), new Set<string>()] as const);
    this.#prose.set(place, known);
    for (const side of [0, 1] as const)
      for (const node of pair[side]) for (const one of wordsOf(node)) known[side].add(one);
  }

  #say(at: At, aspect: string, curated: unknown, claimed: unknown, silent = claimed === undefined): void {
    this.differences.push({ place: schemaPlace(at.name, at.steps), aspect, curated, claimed, silent });
  }

  #resolved(pair: Two<unknown>): Two<JsonObject | undefined> {
    return [this.#specs[0].resolve(pair[0]), this.#specs[1].resolve(pair[1])];
  }
}

function factsOfOperation(spec: Spec, { node, path, servers, security }: Operation, ours: Operation): Facts {
  const end = skeletonOf(ours.path);
  // So that it does not matter which part of the address stands in the server and which in the path.
  const addresses = serverUrls(servers).map((url) => {
    const whole =
      url
        .replace(/^\/\//, "https://")
        .replace(/[?#].*$/, "")
        .replace(/\/+$/, "") + skeletonOf(path);
    const base = whole.endsWith(end) ? whole.slice(0, -end.length) : whole;
    return base.replace(/^[^/]*\/\/[^/]*/, (origin) => origin.toLowerCase());
  });
  return stated({
    deprecated: node["deprecated"] === true || undefined,
    security: Array.isArray(security) ? listed(requirementsIn(spec, security)) : undefined,
    // Where everybody has a server of their own, no address says anything.
    server: objectsIn(ours.servers)[0]?.["x-self-hosted"] === true ? undefined : listed(addresses),
  });
}

/** What has to be sent, an alternative each, whatever the schemes are called. */
function requirementsIn(spec: Spec, security: unknown[]): string[] {
  const schemes = mapOf(spec.resolve(mapOf(spec.document["components"])["securitySchemes"]));
  return (security.length === 0 ? [{}] : security).map((requirement) => {
    const needed = Object.entries(mapOf(requirement)).map(([name, scopes]) => {
      const scheme = Object.hasOwn(schemes, name) ? spec.resolve(schemes[name]) : undefined;
      return [scheme ? schemeInWords(scheme) : `nothing called ${name}`, ...[scopes].flat().map(String).sort()].join(
        " ",
      );
    });
    return needed.length === 0 ? "none" : needed.sort().join(" and ");
  });
}

function schemeInWords({ type, scheme, in: where, name, flows, openIdConnectUrl }: JsonObject): string {
  switch (type) {
    case "http":
      return `http ${String(scheme).toLowerCase()}`;
    case "apiKey":
      return `apiKey in ${String(where)} ${where === "header" ? String(name).toLowerCase() : String(name)}`;
    case "oauth2":
      return ["oauth2", ...Object.entries(mapOf(flows)).map(([name, flow]) => flowInWords(name, mapOf(flow)))].join(
        " ",
      );
    default:
      return [type, openIdConnectUrl].filter((one) => typeof one === "string").join(" ");
  }
}

function flowInWords(name: string, { scopes, ...addresses }: JsonObject): string {
  const urls = Object.values(addresses).filter((one) => typeof one === "string");
  return [name, ...urls.sort(), ...Object.keys(mapOf(scopes)).sort()].join(" ");
}

function factsOfParameter(parameter: JsonObject, named: boolean): Facts {
  const { name, in: where, required, deprecated, style, explode, allowReserved, allowEmptyValue, content } = parameter;
  const usual = where === "query" || where === "cookie" ? "form" : "simple";
  const exploded = (style ?? usual) === "form";
  return stated({
    name: named ? name : undefined,
    required: required === true,
    deprecated: deprecated === true || undefined,
    style: style === usual ? undefined : style,
    explode: explode === exploded ? undefined : explode,
    allowReserved: allowReserved === true || undefined,
    allowEmptyValue: allowEmptyValue === true || undefined,
    "media type": Object.keys(mapOf(content))[0],
  });
}

function stated(facts: JsonObject): Facts {
  return new Map(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** One value by itself, several in order. */
function listed(values: string[]): unknown {
  const [one, ...more] = [...new Set(values)].sort();
  return more.length === 0 ? one : [one, ...more];
}

/** The schema of a parameter or a header, which may stand in its content. */
function schemaOf(node: JsonObject | undefined): unknown {
  return node && (node["schema"] ?? mapOf(Object.values(mapOf(node["content"]))[0])["schema"] ?? {});
}

/** In OpenAPI 3.2, that of each item of a stream stands apart. */
function schemaOfMedia(media: JsonObject | undefined): unknown {
  if (media?.["schema"] === undefined && media?.["itemSchema"] !== undefined) {
    return { type: "array", items: media["itemSchema"] };
  }
  return schemaOf(media);
}

function typeOf({ type, alternatives }: Shape): string | string[] | undefined {
  const [one, ...more] = type ?? [];
  if (one === undefined) return alternatives.length > 0 ? "alternatives" : undefined;
  return more.length === 0 ? one : [one, ...more];
}

/** Marks of the texts of a node: those that a stored document has, and those of the texts that stand there. */
export function wordsOf(node: unknown): string[] {
  const { summary, description, "x-prose": stored } = mapOf(node);
  return [...(textOf(stored)?.split(" ") ?? []), ...markOf(summary), ...markOf(description)];
}

/** A mark by which a text is known again: how it is broken into lines does not count. */
function markOf(text: unknown): string[] {
  const plain = textOf(text)?.replace(/\s+/g, " ").trim();
  return plain === undefined ? [] : [createHash("sha256").update(plain).digest("hex").slice(0, 8)];
}

/** What is called alike in both, and then what only one of them has. */
function* pairsOf(
  ours: JsonObject | ReadonlyMap<string, unknown>,
  theirs: JsonObject | ReadonlyMap<string, unknown>,
): Generator<[string, Two<unknown>]> {
  const [left, right] = [entriesOf(ours), entriesOf(theirs)];
  for (const name of new Set([...left.keys(), ...right.keys()])) yield [name, [left.get(name), right.get(name)]];
}

function entriesOf(map: JsonObject | ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  return map instanceof Map ? (map as ReadonlyMap<string, unknown>) : new Map(Object.entries(map));
}

/** The case of a header's name is no difference. */
function spelledAlike([ours, theirs]: Two<unknown>): Two<JsonObject> {
  const names = new Map(Object.keys(mapOf(ours)).map((name) => [name.toLowerCase(), name]));
  const renamed = Object.entries(mapOf(theirs)).map(([name, one]) => [names.get(name.toLowerCase()) ?? name, one]);
  return [mapOf(ours), Object.fromEntries(renamed)];
}

/** `application/json; charset=UTF-8` is `application/json`. */
function plainMediaTypes(content: unknown): JsonObject {
  return Object.fromEntries(
    Object.entries(mapOf(content)).map(([type, value]) => [(type.split(";")[0] ?? type).trim().toLowerCase(), value]),
  );
}

function part(at: At, what: At["what"], name: string): At {
  return { ...at, what, name: inside(at.name, name) };
}

function step(at: At, what: At["what"], taken: SchemaStep): At {
  return { ...at, what, steps: [...at.steps, taken] };
}

function mapOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function without(list: unknown[], others: unknown[]): unknown[] {
  return list.filter((one) => !others.includes(one));
}
