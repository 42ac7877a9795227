// @ts-check
/**
 * What the assertions of redocly.yaml cannot say by themselves.
 *
 * @typedef {{ key: () => Location }} Location
 * @typedef {{ rawValue: unknown, baseLocation: Location, resolve: (node: unknown) => { node?: unknown } }} Context
 * @typedef {{ message: string, location: Location }} Problem
 */

export default function keysmith() {
  return { id: "keysmith", assertions: { secretMarked } };
}

/**
 * A property's schema is `format: password`, or `x-not-secret` beside it says why it is none.
 *
 * No built-in assertion sees both: they get what a $ref leads to, without what stands beside it.
 *
 * @param {unknown} schema what a $ref leads to; `context.rawValue` is what the spec has in its place
 * @param {unknown} _options
 * @param {Context} context
 * @returns {Problem[]}
 */
function secretMarked(schema, _options, { rawValue, baseLocation, resolve }) {
  /** @param {unknown} node @returns {boolean} */
  const isPassword = (node) =>
    isObject(node) &&
    (node["format"] === "password" ||
      [node["allOf"], node["anyOf"], node["oneOf"]].flat().some((part) => isPassword(resolve(part).node)));

  const reason = isObject(rawValue) ? rawValue["x-not-secret"] : undefined;
  const exempt = typeof reason === "string" && reason.trim() !== "";
  if (schema === undefined || exempt || isPassword(schema)) return [];
  return [{ message: "is not marked", location: baseLocation.key() }];
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === "object" && value !== null;
}
