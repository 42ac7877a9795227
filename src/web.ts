/**
 * The web's types that the public types mention, by way of the runtime's own `fetch`. Where none is declared, as with
 * `lib: ["es2022"]` alone, nothing is known of them, and `keysmith/types` compiles all the same.
 */
type Fetch = typeof globalThis extends { fetch: infer Own extends (...input: never) => Promise<unknown> }
  ? Own
  : (input: string, init?: { signal?: unknown }) => Promise<{ headers: unknown }>;

export type RequestInit = NonNullable<Parameters<Fetch>[1]>;
export type Response = Awaited<ReturnType<Fetch>>;
export type Headers = Response["headers"];
export type AbortSignal = NonNullable<RequestInit["signal"]>;
