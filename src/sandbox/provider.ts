/** A request that reached an operation of a provider. */
export interface Call {
  /** Path parameters, decoded. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: Headers;
  body: string;
}

/** What a simulated server answers. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** Null: no body and no Content-Type. */
  body: string | null;
}

/** A request that reached no operation. */
export interface OtherRequest {
  method: string;
  /** Below the provider's base URL. */
  path: string;
  query: URLSearchParams;
  headers: Headers;
}

/** A key that was put into a sandbox. */
export interface IssuedKey {
  /** The key's id at its provider. */
  id: string;
  /** The plaintext. */
  secret: string;
}

/** What a field of a new key holds; the words that it may be, where it is one of few. */
export type NewKeyField =
  | "text"
  | "texts"
  | "uuid"
  | "time"
  | "amount"
  | "boolean"
  | "object"
  | "objects"
  | readonly string[];

/** What may be said of a key that is put into a sandbox. */
export type NewKeyFields<NewKey> = { readonly [Name in keyof NewKey]-?: NewKeyField };

/** A provider's simulated server: `Key` as it lists one, without plaintext; `NewKey` as one is put there directly. */
export interface Server<Key, NewKey> {
  /** The plaintext of a key that may do everything. */
  credential: string;
  /** What stands in paths before the keys that it begins with, by the name of the factory's option. */
  parents?: Readonly<Record<string, string>>;
  /** Carries out an operation, by its operationId. @throws Refusal */
  answer(operation: string, call: Call): Answer;
  /** The path by which the server routes a request: without a slash at its end, say. The same unless there is this. */
  routed?(path: string): string;
  /** What is answered where there is no such operation. 404, or 405, unless it gives something. @throws Refusal */
  answerOther?(request: OtherRequest): Answer | undefined;
  /** Whether a refusal because of its rate limit does not tell how long to wait. */
  hasNoRetryAfter?: true;
  /** An error in the provider's own shape, with its own words for this status unless others are given. */
  error(status: number, message?: string): Answer;
  issue(key: NewKey): IssuedKey;
  /** What `issue` may be told, by which it is checked. Anything, unchecked, unless there is this. */
  fields?: NewKeyFields<NewKey>;
  /** What is held now, revoked keys excluded. */
  keys(): Key[];
  /** What the sandbox can do with this provider alone. */
  extras?: object;
}

/** Ends an operation with an error answer. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

/** The standard text of a status. */
export function statusText(status: number): string {
  return texts[status] ?? `Status ${status}`;
}

const texts: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  413: "Request Entity Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};
