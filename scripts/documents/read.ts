/**
 * The one reader of YAML and JSON of all programs. It gives what the linter sees: js-yaml with the tags that Redocly's linter
 * adds to it, merge keys among them; a test holds the two together. What reads otherwise would lose a mark that lint has seen.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  binaryTag,
  constructFromEvents,
  CORE_SCHEMA,
  EVENT_ID,
  getScalarValue,
  mergeTag,
  omapTag,
  pairsTag,
  parseEvents,
  setTag,
  YAMLException,
} from "js-yaml";
import { isObject, pointer, Spec, SpecError } from "../render/spec.js";
import { DocumentError } from "./document-error.js";

type Event = ReturnType<typeof parseEvents>[number];

const schema = CORE_SCHEMA.withTags(mergeTag, binaryTag, omapTag, pairsTag, setTag);

export interface LocatedDocument {
  document: unknown;
  /** The line, counted from 1, in which a list or an object of the document begins: that of its key, if it has one. */
  lineOf: (node: object) => number | undefined;
}

/** @param file relative to the project's root. @throws DocumentError */
export async function readDocument(root: string, file: string): Promise<unknown> {
  return parseDocument(await readText(root, file), file).document;
}

/** @throws DocumentError where it is no OpenAPI document, or refers to what is not there, or in another file. */
export function specIn(document: unknown, name: string): Spec {
  try {
    const spec = new Spec(document);
    const seen = new Set<unknown>();
    follow(spec.document, "#");
    return spec;

    function follow(node: unknown, place: string): void {
      if (typeof node !== "object" || node === null || seen.has(node)) return;
      seen.add(node);
      try {
        spec.resolve(node);
      } catch (error) {
        if (!(error instanceof SpecError)) throw error;
        throw new SpecError(place, error.message.replace(/^#: /, ""));
      }
      for (const [key, value] of Object.entries(node)) follow(value, place + pointer(key));
    }
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new DocumentError(`${name}: ${error.message}`, { cause: error });
  }
}

/** @throws DocumentError where the file cannot be read, or is no text in UTF-8. */
export async function readText(root: string, file: string): Promise<string> {
  const bytes = await readFile(join(root, file)).catch((error: unknown) => {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const why = missing ? "there is no such file" : error instanceof Error ? error.message : String(error);
    throw new DocumentError(`${file}: it cannot be read: ${why}`, { cause: error });
  });
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // The same is to be said of it.
  }
  throw new DocumentError(`${file}: it is not UTF-8 text: save it as UTF-8`);
}

/** @param name what the document is called in errors. @throws DocumentError */
export function parseDocument(text: string, name: string): LocatedDocument {
  try {
    const events = parseEvents(text, { filename: name });
    const [document, ...more] = constructFromEvents(events, { source: text, filename: name, schema });
    if (more.length > 0) {
      throw new DocumentError(`${name}: it holds ${more.length + 1} documents, where one is read: take the others out`);
    }
    return { document, lineOf: lineFinder(events, text, document) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const conflict = text.split("\n").findIndex((line) => /^(<{7}|>{7})( |$)/.test(line));
    if (conflict >= 0) {
      throw new DocumentError(`${name}:${conflict + 1}: git left a conflict here: resolve it`, { cause: error });
    }
    const { mark, reason } = error;
    const place = mark ? `${name}:${mark.line + 1}:${mark.column + 1}` : name;
    throw new DocumentError(`${place}: ${reason}`, { cause: error });
  }
}

function lineFinder(events: Event[], text: string, document: unknown): LocatedDocument["lineOf"] {
  const offsets = new Map<unknown, number>();
  let at = 1;
  locate(document, 0);
  return (node) => {
    const offset = offsets.get(node);
    return offset === undefined ? undefined : text.slice(0, offset).split("\n").length;
  };

  /** Goes over the events of one node, whose value is given. */
  function locate(value: unknown, begin: number): void {
    const event = events[at++];
    if (event?.type === EVENT_ID.SEQUENCE) {
      offsets.set(value, begin);
      for (let index = 0; events[at]?.type !== EVENT_ID.POP; index++) {
        locate(Array.isArray(value) ? value[index] : undefined, startOf(events[at]));
      }
      at++;
    } else if (event?.type === EVENT_ID.MAPPING) {
      offsets.set(value, begin);
      while (at < events.length && events[at]?.type !== EVENT_ID.POP) {
        const key = events[at];
        const name = key?.type === EVENT_ID.SCALAR ? getScalarValue(text, key) : undefined;
        locate(undefined, 0);
        locate(isObject(value) && name !== undefined ? value[name] : undefined, startOf(key));
      }
      at++;
    }
  }
}

function startOf(event: Event | undefined): number {
  if (event === undefined) return 0;
  return "valueStart" in event ? event.valueStart : "start" in event ? event.start : 0;
}
