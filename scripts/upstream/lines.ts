/** In which line of a YAML text a node of the parsed document begins. */
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Node } from "yaml";
import { isObject } from "../render/spec.js";

export interface LocatedDocument {
  document: unknown;
  /** Counted from 1. */
  lineOf: (node: object) => number | undefined;
}

export function parseWithLines(text: string): LocatedDocument {
  const counter = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: counter });
  const document: unknown = parsed.toJS();
  const lines = new Map<unknown, number>();
  locate(parsed.contents, document);
  return { document, lineOf: (node) => lines.get(node) };

  function locate(node: unknown, value: unknown, start = 0): void {
    if (isMap(node) && isObject(value)) {
      lines.set(value, counter.linePos(start).line);
      for (const pair of node.items) {
        if (!isPair(pair) || !isScalar(pair.key)) continue;
        locate(pair.value, value[String(pair.key.value)], offsetOf(pair.key));
      }
    } else if (isSeq(node) && Array.isArray(value)) {
      node.items.forEach((item, index) => {
        locate(item, value[index], offsetOf(item));
      });
    }
  }
}

function offsetOf(node: unknown): number {
  return (node as Partial<Node> | undefined)?.range?.[0] ?? 0;
}
