// @ts-check
/**
 * What the configurable rules of redocly.yaml cannot say by themselves.
 *
 * @typedef {Record<string, unknown>} Node
 * @typedef {{ child: (key: string) => Location }} Location
 * @typedef {{ node: Node, location: Location, resolve: (node: unknown) => { node?: unknown } }} Context
 * @typedef {{ message: string, location: Location }} Problem
 */

/** @returns {{ id: string, assertions: Record<string, (value: unknown, options: unknown, context: Context) => Problem[]> }} */
export default function keysmith() {
  return { id: "keysmith", assertions: { sourceGiven, secretsMarked } };
}

/**
 * An operation's `x-source` names the documents that it was taken from and the day they were read.
 *
 * @param {unknown} source
 * @param {unknown} _options
 * @param {Context} context
 */
function sourceGiven(source, _options, { location }) {
  const { documents, read } = isNode(source) ? source : {};
  const named = Array.isArray(documents) && documents.length > 0 && documents.every(isText);
  if (named && isText(read) && /^\d{4}-\d\d-\d\d$/.test(read)) return [];
  const message =
    'Every operation needs `x-source: {documents: [where its facts come from], read: "YYYY-MM-DD"}`.';
  return [{ message, location: source === undefined ? location : location.child("x-source") }];
}

/**
 * A property with one of these names is `format: password`, or says in `x-not-secret` why it is no secret.
 *
 * @param {unknown} _keys
 * @param {unknown} names
 * @param {Context} context
 */
function secretsMarked(_keys, names, { node, location, resolve }) {
  /** @param {unknown} schema @returns {boolean} */
  const marked = (schema) => {
    if (!isNode(schema)) return false;
    if (schema["format"] === "password" || isText(schema["x-not-secret"])) return true;
    if (schema["$ref"] !== undefined) return marked(resolve(schema).node);
    return ["oneOf", "anyOf", "allOf"].some(
      (key) => Array.isArray(schema[key]) && schema[key].some(marked),
    );
  };
  return (Array.isArray(names) ? names : [])
    .filter(isText)
    .filter((name) => Object.hasOwn(node, name) && !marked(node[name]))
    .map((name) => ({
      message: `\`${name}\` reads like a secret. Mark it \`format: password\`, or give the reason why it is none in \`x-not-secret\`.`,
      location: location.child(name),
    }));
}

/** @param {unknown} value @returns {value is Node} */
function isNode(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} value @returns {value is string} */
function isText(value) {
  return typeof value === "string" && value.trim() !== "";
}
