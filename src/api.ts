/** What a spec says of its API, as the generated tables have it. */

/** How often a provider may be asked. */
export interface RateLimit {
  readonly requests: number;
  readonly seconds: number;
}

/** What a spec says of an operation. */
export interface OperationSpec {
  readonly method: string;
  readonly path: string;
  readonly idempotent: boolean;
  readonly secrets?: {
    readonly parameters?: readonly string[];
    readonly request?: readonly string[];
    readonly response?: readonly string[];
  };
  /** How the body is sent, where not as JSON. */
  readonly body?: "form";
  readonly pagination?: Pagination;
  /** Of a create, where in the request the caller says what the key's plaintext or id will be, as JSON pointers. */
  readonly chosen?: { readonly secret?: string; readonly id?: string };
}

/** How a list is paged: query parameters by name, places in the answer by JSON pointer. */
export type Pagination = (
  | { readonly style: "offset"; readonly offsetParam: string }
  | {
      readonly style: "cursor";
      readonly cursorParam: string;
      readonly nextCursor: string;
      /** Where the answer says whether a page follows. */
      readonly hasMore?: string;
    }
  | {
      /** By page number, from 1 on. */
      readonly style: "page";
      readonly offsetParam: string;
      readonly limit: PageSize;
    }
  /** By the `Link` header's `rel="next"`. */
  | { readonly style: "link" }
  | { readonly style: "body-link"; readonly nextLink: string }
  /** In one piece, which is not the answer itself. */
  | { readonly style: "none" }
) & {
  readonly items: string;
  readonly limit?: PageSize;
};

/** The sizes that a page may have; the largest is asked for unless the caller says another one. */
export interface PageSize {
  readonly parameter: string;
  readonly least: number;
  readonly most: number;
}

/** How a part of the credential is sent: in this header, behind this text. */
export interface AuthHeader {
  readonly header: string;
  readonly prefix: string;
  /** The credential is `user:password`, and sent as RFC 7617 says. */
  readonly basic?: true;
  /** The option and the environment variable that it is given by; of the first header they are the API's. */
  readonly option?: string;
  readonly env?: string;
}

/** What stands in paths before the key, such as an account: given when a facade is made. */
export interface Parent {
  readonly option: string;
  readonly env?: string;
  /** Whether every path has it. */
  readonly required?: true;
}

/** Which field of a listed key is what, each as a JSON pointer. What is absent is not told by the API. */
export interface KeyFields {
  readonly id: string;
  /** Whether ids are whole numbers. */
  readonly integerId?: true;
  readonly name?: string;
  readonly createdAt?: string;
  readonly expiresAt?: string;
  readonly lastUsedAt?: string;
  /** Not a pointer but a day: what was used before it, and not since, is listed as never used. */
  readonly useRecordedSince?: string;
  readonly disabled?: string;
  /** The values there that mean switched off, where it is no boolean. */
  readonly disabledWhen?: readonly string[];
  /** Times that are numbers: how many milliseconds one is, by field. */
  readonly units?: Readonly<Partial<Record<"createdAt" | "expiresAt" | "lastUsedAt", number>>>;
  /** The most that the key may spend, null for no limit, and what is left of it. */
  readonly limit?: string;
  readonly limitRemaining?: string;
  /** How much was ever spent with it. */
  readonly usage?: string;
}

/** What a spec says of its API and of each operation. */
export interface Api<P extends string = string, Operation extends string = string> {
  readonly provider: P;
  readonly baseUrl: string;
  /** Whether everybody has a server of their own: then the base URL is an example. */
  readonly selfHosted?: true;
  /** The environment variables that a base URL and a credential are read from. */
  readonly baseUrlEnv: string;
  readonly credentialEnv: string;
  /** How the credential is sent; where one header is not enough, what the others hold has options of its own. */
  readonly auth: readonly [AuthHeader, ...AuthHeader[]];
  /** What stands in paths before the key, by the parameter's name. */
  readonly parents?: Readonly<Record<string, Parent>>;
  /** Where an answer says that it is a success, and where it has what was asked for, as JSON pointers. */
  readonly envelope?: { readonly success: string; readonly result: string };
  /** Sent with every request, unless the caller says otherwise. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent where none is published. */
  readonly rateLimit?: RateLimit;
  /** What the plaintext of a key looks like, as regular expressions. */
  readonly plaintext?: readonly string[];
  readonly key: KeyFields;
  /** What every error has, each as a JSON pointer. Absent where nothing is promised. */
  readonly error?: readonly string[];
  /**
   * What the answer that there is no such key has, by JSON pointers: the type in JSON Schema's words, or the value. Absent
   * where nothing is promised.
   */
  readonly absent?: Readonly<Record<string, { readonly type: string } | { readonly const: unknown }>>;
  readonly operations: Readonly<Record<Operation, OperationSpec>>;
}

/** What stands in the path of an operation, by the names of options where it is given by one. */
export function namedInPath({ parents = {} }: Pick<Api, "parents">, { path }: Pick<OperationSpec, "path">): string[] {
  return Array.from(
    path.matchAll(/\{([^{}]+)\}/g),
    ([, name = ""]) => parents[name]?.option ?? name.replaceAll("_", " "),
  );
}

/** Whether an operation is about one key. A POST to what has no parameter at its end makes something there. */
export function isOfOneKey({ parents = {} }: Pick<Api, "parents">, { path, method }: OperationSpec): boolean {
  const others = Array.from(path.matchAll(/\{([^{}]+)\}/g)).filter(([, name = ""]) => !Object.hasOwn(parents, name));
  return others.length > 0 && (method !== "POST" || path.endsWith("}"));
}
