import { looksLikePlaintext } from "../plaintext.js";
import { apiOf, providerNames } from "../registry.js";
import type { FaultKind } from "./faults.js";
import { isObject, parseJson } from "./fields.js";
import { decode, type ProviderName, type Route } from "./routes.js";

/** A request that reached the sandbox. It holds no secret: `[secret]` stands where one was. */
export interface SandboxRequest {
  provider: ProviderName;
  /** The operationId; undefined where the provider has no such operation. */
  operation: string | undefined;
  method: string;
  /** Below the provider's base URL, as it was sent. */
  path: string;
  query: Record<string, string>;
  /** The parsed JSON, or the text where it is none; undefined where there was no body. */
  body: unknown;
  /** Of the answer; absent where none was given, or not yet. */
  status?: number;
  /** The kind of the fault that it met; absent where it met none. */
  fault?: FaultKind["kind"];
}

const MASK = "[secret]";

/** What may be remembered of a request: what the spec declares secret is left out, and what looks like a key wherever it is. */
export function logged({ provider, path, match }: Route, request: Request, body: string): SandboxRequest {
  const credential = request.headers.get("authorization")?.split(" ").at(-1) ?? "";
  const clean = (text: string): string => {
    // A key may have marks in it, and stand behind others.
    const shapeless = text.replace(/[^\s"'/?&=,;<>{}()]+/g, (word) =>
      isPlaintext(decode(word)) ? MASK : word.replace(/[\w-]+/g, (part) => (isPlaintext(part) ? MASK : part)),
    );
    // Anything shorter is no key, and may be part of innocent words.
    return credential.length < 8 ? shapeless : shapeless.replaceAll(credential, MASK);
  };
  const { request: inBody = [], parameters = [] } = match?.spec.secrets ?? {};
  const template = match?.spec.path.split("/") ?? [];
  const secretSegments = parameters.map((name) => `{${name}}`);
  const segments = path.split("/").map((segment, i) =>
    // A parameter that takes a key or its hash: a hash is 43 characters of base64url.
    secretSegments.includes(template[i] ?? "") && !/^[\w-]{43}$/.test(segment) ? MASK : segment,
  );
  const query = Array.from(new URL(request.url).searchParams, ([name, value]) => {
    return [clean(name), parameters.includes(name) ? MASK : clean(value)] as const;
  });
  return {
    provider,
    operation: match?.operation,
    method: request.method,
    path: clean(segments.join("/")),
    query: Object.fromEntries(query),
    body: body === "" ? undefined : cleanBody(body, inBody, clean),
  };
}

/** Whether it looks like a key of any provider. */
function isPlaintext(word: string): boolean {
  return providerNames().some((name) => looksLikePlaintext(apiOf(name), word));
}

function cleanBody(text: string, pointers: readonly string[], clean: (text: string) => string): unknown {
  const value = parseJson(text);
  return value === undefined ? clean(text) : visit(value, "");

  function visit(value: unknown, pointer: string): unknown {
    if (pointers.includes(pointer)) return MASK;
    if (typeof value === "string") return clean(value);
    if (Array.isArray(value)) return value.map((item) => visit(item, `${pointer}/*`));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [clean(name), visit(item, `${pointer}/${name}`)]),
    );
  }
}
