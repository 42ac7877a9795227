/** How often a provider may be asked. */
export interface RateLimit {
  readonly requests: number;
  readonly seconds: number;
}

/** What a spec says of its API, as the generated table has it. */
export interface Api {
  readonly provider: string;
  readonly baseUrl: string;
  /** The environment variables that a base URL and a credential are read from. */
  readonly baseUrlEnv: string;
  readonly credentialEnv: string;
  /** Absent where none is published. */
  readonly rateLimit?: RateLimit;
  /** By operationId. */
  readonly operations: object;
}
