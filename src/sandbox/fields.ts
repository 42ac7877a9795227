import type { Refusal } from "./provider.js";

/** What is wrong, for the provider to refuse in its own shape. */
type Refuse = (problem: string) => Refusal;

/** The fields of a JSON body, each checked when it is read. Unknown ones are never looked at. */
export class Fields {
  readonly #values: Record<string, unknown>;
  readonly #refuse: Refuse;

  /** @throws Refusal where the text is no JSON object. */
  constructor(text: string, refuse: Refuse) {
    const value = parseJson(text);
    if (!isObject(value)) throw refuse("the body must be a JSON object");
    this.#values = value;
    this.#refuse = refuse;
  }

  /** Undefined where it is absent. @throws Refusal where it is something else. */
  optional<T>(name: string, is: (value: unknown) => value is T, what: string): T | undefined {
    const value = this.#values[name];
    if (value === undefined || is(value)) return value;
    throw this.#refuse(`${name} must be ${what}`);
  }

  required<T>(name: string, is: (value: unknown) => value is T, what: string): T {
    const value = this.optional(name, is, what);
    if (value === undefined) throw this.#refuse(`${name} is required`);
    return value;
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** Any text. */
export const isText = (value: unknown): value is string => typeof value === "string";
/** A text that is not empty. */
export const isFilled = (value: unknown): value is string => isText(value) && value !== "";
/** `true` or `false`. */
export const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
/** A UUID, of any version. */
export const isUuid = (value: unknown): value is string =>
  isText(value) && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value);
/** The same, or null. */
export const orNull =
  <T>(is: (value: unknown) => value is T) =>
  (value: unknown): value is T | null =>
    value === null || is(value);
