/** What a caller says of the keys of an OpenAI project. */
import type { WireApiKey } from "../../../generated/openaiproject/types.js";

export interface OpenAIProjectFilter {
  /**
   * By whether a key's owner can use the project at present: `"active"`, `"inactive"`, or `"any"` for all keys that are
   * enabled. Left out, the server may hide some of them.
   */
  ownerProjectAccess?: "active" | "inactive" | "any" | undefined;
  /** How many keys a page has at most, up to 100. */
  pageSize?: number | undefined;
}

export interface OpenAIProjectCreateInput {
  /** For people. It cannot be changed later; need not be unique. */
  name: string;
  /** The service account that the key is of. Left out, a new account of this name is made, and the key with it. */
  serviceAccountId?: string | undefined;
  /**
   * What the key may do, such as `["api.all.read"]`, for an account that is there. They cannot be read back. What a key
   * may do that was made without them is not documented.
   */
  scopes?: string[] | undefined;
  /**
   * How long the key lives, in whole seconds up to `"365d"`: a Go duration (`"720h"`), also with days and weeks (`"30d"`,
   * `"2w"`). For ever unless given; a project can require it.
   */
  expiresIn?: string | undefined;
}

/** What an update sets. What is left out stays as it is; the name cannot be changed. */
export interface OpenAIProjectPatch {
  /** What the key may do from now on. An empty list lifts all restrictions. */
  scopes?: string[] | undefined;
  /** How long the key lives from now on, as in a create. */
  expiresIn?: string | undefined;
}

export interface OpenAIProjectWords {
  wire: WireApiKey;
  filter: OpenAIProjectFilter;
  input: OpenAIProjectCreateInput;
  patch: OpenAIProjectPatch;
  /** What no answer tells of a key, so that a rotation has to be told. */
  untold: "scopes";
}

export type { OpenAIProjectWords as default };
