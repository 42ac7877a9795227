/** Where requests go, for whoever has to be told that nothing came of them. */
import type { ProviderName } from "../key.js";
import { apiOf } from "./providers.js";

const given = new Map<ProviderName, string>();

/** @param baseUrl what `--base-url` says, if it is there */
export function goesTo(provider: ProviderName, baseUrl: string | undefined): void {
  if (baseUrl !== undefined) given.set(provider, baseUrl);
}

/** The base URL, and whence it is: `https://api.example.com/v1 (the default)`. */
export function destinationOf(provider: ProviderName): string {
  const api = apiOf(provider);
  const [url, source] = [
    [given.get(provider), "--base-url"],
    [process.env[api.baseUrlEnv]?.trim(), api.baseUrlEnv],
  ].find(([url]) => url) ?? [api.baseUrl, "the default"];
  return `${url ?? ""} (${source ?? ""})`;
}
