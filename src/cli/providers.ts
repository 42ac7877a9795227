/** Which providers there are, and what is known of them before there is a credential. */
import { flags } from "../../generated/flags.js";
import { defined } from "../define.js";
import type { OptionalMethod, ProviderFlags } from "../flags.js";
import type { ProviderName } from "../key.js";
import { looksLikePlaintext } from "../plaintext.js";
import { apiOf, providerNames } from "../registry.js";
import { simulated } from "../sandbox/routes.js";
import { UsageError } from "./errors.js";

export { apiOf, providerNames };

/** What the command can say of a provider's keys. */
export function flagsOf(provider: ProviderName): ProviderFlags {
  const own: Readonly<Partial<Record<ProviderName, ProviderFlags>>> = flags;
  const found = own[provider] ?? defined[provider]?.flags;
  if (found) return found;
  throw new Error(`There is no provider ${provider}.`);
}

/** Whether it looks like a key of any provider. */
export function isPlaintext(text: string): boolean {
  return providerNames().some((name) => looksLikePlaintext(apiOf(name), text));
}

/** How to get a credential, and how to do without; empty where nothing is known. */
export function howToGetAKey(provider: ProviderName): string {
  const { credential } = flagsOf(provider);
  const without = simulated().includes(provider) ? " To try it without one: `keysmith sandbox`." : "";
  return credential && `${credential}${without}`;
}

export function providersWith(method: OptionalMethod): ProviderName[] {
  return providerNames().filter((name) => flagsOf(name).methods.includes(method));
}

/**
 * Looks whether a provider has a method, before a credential for it is asked for.
 *
 * @param instead what to do where it has none
 * @throws UsageError
 */
export function checkHas(provider: ProviderName, name: OptionalMethod, instead?: string): void {
  const able = providersWith(name);
  if (able.includes(provider)) return;
  const others = `${able.join(", ").replace(/, ([^,]+)$/, " and $1")} ${able.length === 1 ? "has" : "have"} it`;
  throw new UsageError(`${provider} has no ${name}; ${others}.${instead === undefined ? "" : ` ${instead}.`}`);
}
