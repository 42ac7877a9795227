/** Which providers there are, and what is known of them before there is a credential. */
import { apis } from "../../generated/apis.js";
import { flags } from "../../generated/flags.js";
import type { Api } from "../api.js";
import type { OptionalMethod } from "../flags.js";
import type { ProviderName } from "../key.js";
import { looksLikePlaintext } from "../plaintext.js";
import { UsageError } from "./errors.js";

export const providerNames = Object.keys(apis) as ProviderName[];

export function apiOf(provider: ProviderName): Api {
  return apis[provider];
}

/** Whether it looks like a key of any provider. */
export function isPlaintext(text: string): boolean {
  return providerNames.some((name) => looksLikePlaintext(apiOf(name), text));
}

/** How to get a credential, and how to do without; empty where nothing is known. */
export function howToGetAKey(provider: ProviderName): string {
  const { credential } = flags[provider];
  return credential && `${credential} To try it without one: \`keysmith sandbox\`.`;
}

export function providersWith(method: OptionalMethod): ProviderName[] {
  return providerNames.filter((name) => flags[name].methods.includes(method));
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
