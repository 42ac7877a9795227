/** How the credential is sent, as the security schemes say. */
import { objectsIn, pointer, SpecError, textOf, type JsonObject, type Spec } from "./spec.js";

/** How a part of the credential is sent. */
interface AuthHeader {
  header: string;
  /** What stands before the credential in the header, its space included. */
  prefix: string;
  /** Where the credential is `user:password`, and sent as RFC 7617 says. */
  basic?: true;
  /** The environment variable that it is kept in, where the spec names one. */
  env?: string | undefined;
  /** What the option of the factory is called that it is given by; of the first it is `apiKey`. */
  option?: string | undefined;
}

/**
 * How the credential is sent: by the first alternative of the document's `security`, each of whose schemes is a header.
 * Empty where one of them is none, or nothing says by which option it is given. @throws SpecError
 */
export function authOf(spec: Spec): AuthHeader[] {
  const [requirement = {}] = objectsIn(spec.document["security"]);
  const headers = Object.keys(requirement).map((name, index): AuthHeader | undefined => {
    const place = `#${pointer("components", "securitySchemes", name)}`;
    const scheme = spec.resolve(spec.at(place)) ?? {};
    const sent = sentBy(scheme);
    const { "x-option": given, "x-prefix": prefix } = scheme;
    const option = index === 0 ? undefined : textOf(given);
    if (!sent || (index > 0 && option === undefined)) return undefined;
    if (index === 0 && given !== undefined) {
      throw new SpecError(`${place}/x-option`, "the first scheme has the option apiKey, and no other");
    }
    if (prefix !== undefined && (scheme["type"] === "http" || typeof prefix !== "string")) {
      throw new SpecError(`${place}/x-prefix`, "must be text, and the scheme an apiKey");
    }
    return { ...sent, env: variableOf(scheme, place), option };
  });
  const all = headers.filter((one) => one !== undefined);
  return all.length === headers.length ? all : [];
}

/** The environment variable that an `x-env` names. @throws SpecError */
export function variableOf({ "x-env": env }: JsonObject, place: string): string | undefined {
  if (env === undefined || (typeof env === "string" && /^[A-Za-z_]\w*$/.test(env))) return env;
  throw new SpecError(`${place}/x-env`, "must be the name of an environment variable");
}

export function isSendable(header: string): boolean {
  return HEADER.test(header);
}

// What HTTP takes for a name, and is not what the connection or the body needs itself.
const HEADER = /^(?!(?:connection|content-.*|cookie|host|transfer-encoding)$)[\w!#$%&'*+.^`|~-]+$/i;

function sentBy(scheme: JsonObject): AuthHeader | undefined {
  const kind = scheme["type"] === "http" ? String(scheme["scheme"]).toLowerCase() : undefined;
  if (kind === "bearer") return { header: "Authorization", prefix: "Bearer " };
  if (kind === "basic") return { header: "Authorization", prefix: "Basic ", basic: true };
  const header = textOf(scheme["name"]) ?? "";
  const prefix = textOf(scheme["x-prefix"]) ?? "";
  if (scheme["type"] !== "apiKey" || scheme["in"] !== "header" || !HEADER.test(header)) return undefined;
  return /^[ -~]*$/.test(prefix) ? { header, prefix } : undefined;
}
