/** Providers that are not keysmith's own, but defined by other packages. */
import type { Api } from "./api.js";
import type { Copy } from "./copy.js";
import type { ProviderFlags } from "./flags.js";
import type { ProviderName } from "./key.js";
import type { Keys } from "./keys.js";
import type { ClientOptions } from "./options.js";
import type { Server } from "./sandbox/provider.js";

/** What is known of a provider: its table, and the parts of its room. */
export interface Provider<P extends ProviderName = ProviderName> {
  /** What its spec says, as `keysmith generate` has written it. Its `provider` is the name. */
  api: Api<P>;
  /** The factory of its facade. The command gives it what stands in paths before the keys, too. */
  connect: (options?: ClientOptions) => Keys<P>;
  /** How a key is made like another one: what rotation, orphans and audit know of the provider. */
  copy: Copy<P>;
  /** What the command can say of its keys. */
  flags: ProviderFlags;
  /**
   * Makes its simulated server, which a sandbox then has beside those of keysmith's own providers. `now` gives the time in
   * milliseconds since the epoch. Absent where there is none.
   */
  sandbox?: (now: () => number) => Server<object, object>;
  /** Where its OpenAPI document is, which `keysmith spec` prints: a URL of a file. Absent where none is shipped. */
  spec?: URL;
}

/** By name. */
export const defined: { [P in ProviderName]?: Provider<P> } = {};

/**
 * Makes a provider known to `rotate`, `findOrphans`, `audit`, `createSandbox` and all else that is asked of keys by their
 * provider's name. Call it in the module that exports the factory of its facade, so that nobody has the one without the
 * other. Its result is the default export of a module that the command is given by `--provider`.
 *
 * `Providers` has to know what a caller says of its keys:
 * `declare module "keysmith/kit" { interface Providers { lantern: LanternWords } }`
 *
 * @param provider of a name that keysmith's own providers do not have: those go before. Defined again, it takes the place of
 * the earlier one.
 */
export function defineProvider<P extends ProviderName>(provider: Provider<P>): Provider<P> {
  const known: { [Name in P]?: Provider<Name> } = defined;
  known[provider.api.provider] = provider;
  return provider;
}
