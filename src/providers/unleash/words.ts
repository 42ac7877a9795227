/** What a caller says of Unleash's tokens. */
import type { NewTokenType, WireApiKey } from "../../../generated/unleash/types.js";

export interface UnleashCreateInput {
  /** For people. Need not be unique; it cannot be changed. */
  name: string;
  /** `client` or, in other words, `backend` for servers' applications, `frontend` for browsers and apps. */
  type: NewTokenType;
  /** The environment that it is for. The server's default unless given: `development`. */
  environment?: string | undefined;
  /** The projects that it is for, each once. All of them unless given. */
  projects?: string[] | undefined;
  /** When it stops working: RFC 3339. Never unless given. */
  expiresAt?: string | undefined;
}

/** What an update sets: nothing else can be changed. */
export interface UnleashPatch {
  /** When it stops working: RFC 3339. It can be in the past. */
  expiresAt: string;
}

export interface UnleashWords {
  wire: WireApiKey;
  filter: undefined;
  input: UnleashCreateInput;
  patch: UnleashPatch;
}

export type { NewTokenType, UnleashWords as default };
