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
  readonly pagination?:
    | { readonly style: "offset"; readonly offsetParam: string; readonly items: string }
    | {
        readonly style: "cursor";
        readonly cursorParam: string;
        readonly nextCursor: string;
        /** Where the answer says whether a page follows. */
        readonly hasMore?: string;
        readonly items: string;
      };
}

/** Which field of a listed key is what, each as a JSON pointer. What is absent is not told by the API. */
export interface KeyFields {
  readonly id: string;
  readonly name?: string;
  readonly createdAt?: string;
  readonly expiresAt?: string;
  readonly lastUsedAt?: string;
  /** Not a pointer but a day: what was used before it, and not since, is listed as never used. */
  readonly useRecordedSince?: string;
  readonly disabled?: string;
  /** The most that the key may spend, null for no limit, and what is left of it. */
  readonly limit?: string;
  readonly limitRemaining?: string;
  /** How much was ever spent with it. */
  readonly usage?: string;
}

export interface Api<P extends string = string, Operation extends string = string> {
  readonly provider: P;
  readonly baseUrl: string;
  /** The environment variables that a base URL and a credential are read from. */
  readonly baseUrlEnv: string;
  readonly credentialEnv: string;
  /** How the credential is sent: in this header, behind this text. */
  readonly auth: { readonly header: string; readonly prefix: string };
  /** Sent with every request, unless the caller says otherwise. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent where none is published. */
  readonly rateLimit?: RateLimit;
  /** What the plaintext of a key looks like, as regular expressions. */
  readonly plaintext?: readonly string[];
  readonly key: KeyFields;
  /** What every error has, each as a JSON pointer. Absent where nothing is promised. */
  readonly error?: readonly string[];
  readonly operations: Readonly<Record<Operation, OperationSpec>>;
}
