/** What a caller says of Estuary's keys. */
import type { ApiKeyPermissions, WireApiKey } from "../../../generated/estuary/types.js";

export interface EstuaryCreateInput {
  /** The key's label, for people. Empty unless given; need not be unique. */
  name?: string | undefined;
  /**
   * How long the key lives: a Go duration (`"720h"`, `"1h30m"`), also with days and weeks (`"30d"`, `"2w"`), or `"never"`,
   * which is 100 years. 30 days unless given.
   */
  expiresIn?: string | undefined;
  /** What the key may do: `"all"`, unless given, or `"upload"`, which no method here accepts. It cannot be read back. */
  permissions?: ApiKeyPermissions | undefined;
}

export interface EstuaryWords {
  wire: WireApiKey;
  /** Nothing can be filtered. */
  filter: undefined;
  input: EstuaryCreateInput;
  /** A key cannot be changed. */
  patch: never;
  /** What no answer tells of a key, so that a rotation has to be told. */
  untold: "permissions";
}

export type { ApiKeyPermissions, EstuaryWords as default };
