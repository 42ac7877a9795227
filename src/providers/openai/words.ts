/** What a caller says of the admin keys of an OpenAI organization. */
import type { WireApiKey } from "../../../generated/openai/types.js";

export interface OpenAIFilter {
  /** By creation: `"asc"`, oldest first, unless given. */
  order?: "asc" | "desc" | undefined;
  /** How many keys a page has at most. 20 unless given. */
  pageSize?: number | undefined;
}

export interface OpenAICreateInput {
  /** For people. It cannot be changed later; need not be unique. */
  name: string;
  /**
   * How long the key lives, in whole seconds up to `"365d"`: a Go duration (`"720h"`), also with days and weeks (`"30d"`,
   * `"2w"`). For ever unless given; it cannot be changed later.
   */
  expiresIn?: string | undefined;
}

export interface OpenAIWords {
  wire: WireApiKey;
  filter: OpenAIFilter;
  input: OpenAICreateInput;
  /** A key cannot be changed. */
  patch: never;
}

export type { OpenAIWords as default };
