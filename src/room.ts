import type { Copy } from "./copy.js";
import type { ProviderName } from "./key.js";
import type { Keys } from "./keys.js";
import type { ClientOptions } from "./options.js";

/** What is known of one provider: the parts of its folder, each loaded when asked for. */
export interface Room<P extends ProviderName> {
  /** The factory of its facade. */
  connect(): Promise<(options?: ClientOptions) => Keys<P>>;
  /** How its keys are copied. */
  copy(): Promise<Copy<P>>;
}
