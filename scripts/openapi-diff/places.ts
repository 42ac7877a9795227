/** Every place of a document, what it says there, and in which nodes. */
import { isObject, textOf, type JsonObject, type Spec } from "../render/spec.js";
import { operationsOf, type Operation } from "./operations.js";
import { bodyPlace, inside, operationPlace, schemaPlace, type SchemaStep } from "./place.js";
import { shapeOf } from "./shape.js";

export interface PlaceFacts {
  /** What it says of the place; see Difference. */
  aspects: Set<string>;
  /** Its descriptions and summaries. */
  prose: string;
  nodes: JsonObject[];
}

export type Places = Map<string, PlaceFacts>;

export function placesIn(spec: Spec): Places {
  const places: Places = new Map();
  note("info", spec.document["info"], "presence");
  for (const operation of operationsOf(spec)) {
    noteOperation(operationPlace(operation.method, operation.path), operation);
  }
  return places;

  function note(place: string, node: unknown, ...aspects: string[]): PlaceFacts {
    const facts = places.get(place) ?? { aspects: new Set(), prose: "", nodes: [] };
    places.set(place, facts);
    for (const aspect of aspects) facts.aspects.add(aspect);
    if (!isObject(node)) return facts;
    facts.nodes.push(node);
    for (const one of new Set([node, spec.resolve(node)])) {
      facts.prose += [one?.["summary"], one?.["description"]].map((text) => `${textOf(text) ?? ""}\n`).join("");
    }
    return facts;
  }

  function noteOperation(place: string, { node, parameters }: Operation): void {
    note(place, node, "presence");
    for (const parameter of parameters) {
      const at = inside(place, `${String(parameter["in"])} ${String(parameter["name"])}`);
      note(at, parameter, "presence", "name");
      noteSchema(at, parameter["schema"]);
      noteContent(at, parameter["content"]);
    }
    const body = spec.resolve(node["requestBody"]);
    if (body) {
      note(inside(place, "body"), node["requestBody"], "presence");
      noteContent(inside(place, "body"), body["content"]);
    }
    for (const [status, response] of entriesOf(node["responses"])) {
      const at = inside(place, status);
      note(at, response, "presence");
      const resolved = spec.resolve(response);
      noteContent(at, resolved?.["content"]);
      for (const [name, header] of entriesOf(resolved?.["headers"])) {
        note(inside(at, `header ${name}`), header, "presence");
        noteSchema(inside(at, `header ${name}`), spec.resolve(header)?.["schema"]);
      }
    }
  }

  function noteContent(place: string, content: unknown): void {
    for (const [mediaType, media] of entriesOf(content)) {
      const at = bodyPlace(place, mediaType);
      note(at, media, "body");
      noteSchema(at, spec.resolve(media)?.["schema"]);
    }
  }

  function noteSchema(place: string, schema: unknown): void {
    const active = new Set<unknown>();
    visit(schema, []);

    function visit(node: unknown, steps: SchemaStep[], ...aspects: string[]): void {
      if (node === undefined || active.has(node)) return;
      active.add(node);
      const shape = shapeOf(spec, node);
      const facts = note(schemaPlace(place, steps), node, "presence", ...aspects, ...shape.facts.keys());
      if (shape.type) facts.aspects.add("type");
      for (const [name, property] of shape.properties) {
        const required = shape.required?.has(name) ? ["required"] : [];
        visit(property, [...steps, { into: "property", name }], ...required);
      }
      visit(shape.items, [...steps, { into: "items" }]);
      visit(shape.values, [...steps, { into: "values" }]);
      shape.alternatives.forEach((one, index) => {
        visit(one, [...steps, { into: "alternative", number: index + 1 }]);
      });
      active.delete(node);
    }
  }
}

function entriesOf(map: unknown): [string, unknown][] {
  return isObject(map) ? Object.entries(map) : [];
}
