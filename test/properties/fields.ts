/** What a spec's marks say of a listed key is what it is read as, wherever its fields stand and whatever they are. */
import fc, { type JsonValue } from "fast-check";
import { expect } from "vitest";
import { api as openrouterApi } from "../../generated/openrouter/api.js";
import type { Api, KeyFields } from "../../src/api.js";
import { takeOut } from "../../src/json.js";
import { toApiKey } from "../../src/key.js";
import { property, type Topic } from "./property.js";

type Json = Record<string, JsonValue>;

// Names that mean something in a pointer, to JavaScript, or to a reader.
const NAMES = ["id", "name", "a/b", "~", "~1", "", "0", "-1", "größe", "toString", "constructor", "secret", "x y"];

/** Places of which none lies in another. */
const places = (count: number) =>
  fc
    .uniqueArray(fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }), {
      minLength: count,
      maxLength: count,
      selector: (path) => JSON.stringify(path),
    })
    .filter((paths) =>
      paths.every((one) => paths.every((other) => one === other || !other.every((name, at) => one[at] === name))),
    );

const pointerOf = (path: readonly string[]) =>
  path.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

function put(row: Json, [name = "", ...rest]: readonly string[], value: JsonValue): void {
  const inner = Object.hasOwn(row, name) ? (row[name] as Json) : {};
  if (rest.length > 0) put(inner, rest, value);
  row[name] = rest.length > 0 ? inner : value;
}

/** A time as a server may write it, the unit that the spec says, and what it is read as. */
const times = fc
  .date({ min: new Date("1970-01-01"), max: new Date("2199-12-31"), noInvalidDate: true })
  .chain((date) => {
    const iso = date.toISOString();
    const second = new Date(Math.floor(date.getTime() / 1_000) * 1_000).toISOString();
    return fc.constantFrom<{ told: JsonValue; unit?: number; read?: string }>(
      { told: iso, read: iso },
      { told: iso, unit: 1, read: iso },
      { told: date.getTime(), unit: 1, read: iso },
      { told: Math.floor(date.getTime() / 1_000), unit: 1_000, read: second },
      { told: date.getTime() },
      { told: null, unit: 1_000 },
    );
  });

const row = fc.record({
  places: places(6),
  id: fc.oneof(fc.string({ minLength: 1 }), fc.maxSafeInteger()),
  name: fc.oneof(
    fc.string().filter((text) => !text.includes("~ks1")),
    fc.constantFrom<JsonValue[]>(null, 7, []),
  ),
  times: fc.tuple(times, times, times),
  disabled: fc.oneof(fc.boolean(), fc.constantFrom("active", "off", "revoked"), fc.constant(null)),
  words: fc.boolean(),
  others: fc.dictionary(fc.string({ minLength: 3 }), fc.jsonValue(), { maxKeys: 3, noNullPrototype: true }),
});

export const fieldTopic: Topic = {
  topic: "a listed key",
  properties: [
    property(
      "has each field that the marks name, read as they say, and no other",
      row,
      ({ places, id, name, times, disabled, words, others }) => {
        const wire = Object.fromEntries(Object.entries(others).filter(([other]) => !NAMES.includes(other)));
        const values = [id, name, ...times.map(({ told }) => told), disabled];
        for (const [index, path] of places.entries()) put(wire, path, values[index] ?? null);
        const [idAt = "", nameAt = "", createdAt = "", expiresAt = "", lastUsedAt = "", disabledAt = ""] =
          places.map(pointerOf);
        const [created, expires, used] = times;
        const key: KeyFields = {
          ...{ id: idAt, name: nameAt, createdAt, expiresAt, lastUsedAt, disabled: disabledAt },
          ...(typeof id === "number" && { integerId: true }),
          ...(words && { disabledWhen: ["off", "revoked"] }),
          units: {
            ...(created.unit && { createdAt: created.unit }),
            ...(expires.unit && { expiresAt: expires.unit }),
            ...(used.unit && { lastUsedAt: used.unit }),
          },
        };
        const api: Api<"openrouter"> = { ...openrouterApi, key };
        const isOff = typeof disabled === "string" ? disabled !== "active" : disabled;
        const known = typeof disabled === "boolean" || (typeof disabled === "string" && words);
        expect(toApiKey(api, wire)).toEqual({
          provider: "openrouter",
          id: String(id),
          name: typeof name === "string" ? name : "",
          ...(created.read !== undefined && { createdAt: created.read }),
          ...(expires.read !== undefined && { expiresAt: expires.read }),
          ...(used.read !== undefined && { lastUsedAt: used.read }),
          ...(known && { disabled: isOff }),
          raw: wire,
        });
      },
    ),
    property(
      "is without the plaintext that stands where the marks say, and else as it was sent",
      fc.record({ places: places(4), beside: fc.jsonValue(), several: fc.nat(3) }),
      ({ places, beside, several }) => {
        const secrets = places.map((_, index) => `not-a-real-secret-${index}`);
        const marked: Json = {};
        const plain: Json = {};
        for (const [index, path] of places.entries()) {
          // Beside each there is something that stays.
          const holder = [...path.slice(0, -1), "beside"];
          put(plain, holder, beside);
          put(marked, holder, beside);
          put(marked, path, secrets[index] ?? "");
        }
        const body = { rows: Array.from({ length: several + 1 }, () => marked) };
        const { rest, taken } = takeOut(
          body,
          places.map((path) => `/rows/*${pointerOf(path)}`),
        );
        expect(rest).toEqual({ rows: Array.from({ length: several + 1 }, () => plain) });
        expect(taken.map(([, one]) => one).sort()).toEqual(body.rows.flatMap(() => secrets).sort());
      },
    ),
  ],
};
