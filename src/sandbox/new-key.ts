import { isBoolean, isObject, isText, isUuid } from "./fields.js";
import type { NewKeyField } from "./provider.js";
import { microsOf, type Instant } from "./time.js";

type Named = Exclude<NewKeyField, readonly string[]>;

const kinds: Record<Named, { is: (value: unknown) => boolean; what: string }> = {
  text: { is: isText, what: "a text" },
  texts: { is: (value) => Array.isArray(value) && value.every(isText), what: "a list of texts" },
  uuid: { is: isUuid, what: "a UUID" },
  time: { is: isTime, what: "a Date or RFC 3339 text, such as 2027-12-31T23:59:59Z" },
  amount: { is: (value) => Number.isFinite(value) && Number(value) >= 0, what: "a number of at least 0" },
  boolean: { is: isBoolean, what: "true or false" },
  object: { is: isObject, what: "an object" },
  objects: { is: (value) => Array.isArray(value) && value.every(isObject), what: "a list of objects" },
};

function isTime(value: unknown): boolean {
  if (!(value instanceof Date) && !isText(value)) return false;
  try {
    microsOf(value satisfies Instant);
    return true;
  } catch {
    return false;
  }
}

/**
 * Looks at what is said of a key that is put there. What is null or undefined is as if it were not said.
 *
 * @throws RangeError naming the field that there is not, or that is not what it has to be
 */
export function checkNewKey(fields: Readonly<Record<string, NewKeyField>>, key: object): void {
  for (const [name, value] of Object.entries(key) as [string, unknown][]) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) throw new RangeError(`${name} is no field: ${Object.keys(fields).join(", ")}`);
    if (value === undefined || value === null) continue;
    const { is, what } = typeof field === "string" ? kinds[field] : wordsOf(field);
    if (!is(value)) throw new RangeError(`${name} is not ${what}`);
  }
}

function wordsOf(words: readonly string[]) {
  return { is: (value: unknown) => isText(value) && words.includes(value), what: words.join(" or ") };
}
