/** What a document says of a place, in a few words. */
import { printable } from "./place.js";

export function describe(aspect: string, value: unknown): string {
  switch (aspect) {
    case "presence":
      return value === undefined ? "nothing of the kind" : text(value);
    case "body":
      return value === undefined ? "no body" : text(value);
    case "name":
      return `called ${text(value)}`;
    case "required":
      return value === undefined ? "nothing on required" : value === true ? "required" : "optional";
    case "deprecated":
      return value === true ? "deprecated" : "not deprecated";
    case "enum":
      if (Array.isArray(value)) return `one of ${value.map(text).join(", ")}`;
      return value === undefined ? "no such value" : `the value ${text(value)}`;
    case "type":
      return value === undefined ? "any type" : `type ${alternatives(value)}`;
    default:
      return value === undefined ? `no ${aspect}` : `${aspect} ${alternatives(value)}`;
  }
}

// Values can come from documents that are not ours.
const LONGEST = 60;

function alternatives(value: unknown): string {
  return [value].flat().map(text).join(" or ");
}

function text(value: unknown): string {
  const whole = printable(typeof value === "string" ? value : JSON.stringify(value));
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
}
