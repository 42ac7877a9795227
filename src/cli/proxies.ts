/** The proxies that the environment names, as other commands honour them. */
import http from "node:http";
import { UsageError } from "./errors.js";

const VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];

/** What is used of undici, whose dispatcher Node's own fetch goes by. */
type Undici = Pick<typeof import("undici"), "EnvHttpProxyAgent" | "setGlobalDispatcher">;

let used: Promise<void> | undefined;

/**
 * Has every request of this process go through the proxies that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, if any. Newer
 * lines of Node can do that themselves; for others it is undici that does.
 *
 * @throws UsageError where a proxy is named and nothing can use it: what was to go through it goes nowhere else
 */
export function useProxies(env = process.env, load: () => Promise<Undici> = () => import("undici")): Promise<void> {
  const named = VARIABLES.find((name) => env[name]);
  const without = (env["no_proxy"] ?? env["NO_PROXY"])?.trim() === "*";
  if (named === undefined || without) return Promise.resolve();
  used ??= applied(named, load);
  return used;
}

async function applied(named: string, load: () => Promise<Undici>): Promise<void> {
  // Since 24.14 and 25.4, so that the types of older lines have no word of it.
  const own: unknown = Reflect.get(http, "setGlobalProxyFromEnv");
  try {
    if (typeof own === "function") {
      own.call(http);
      return;
    }
    const { EnvHttpProxyAgent, setGlobalDispatcher } = await load();
    setGlobalDispatcher(new EnvHttpProxyAgent());
  } catch (error) {
    used = undefined;
    // Lines before 6.14 have no such agent.
    const missing =
      error instanceof Error &&
      (error.message.endsWith("is not a constructor") || ("code" in error && error.code === "ERR_MODULE_NOT_FOUND"));
    throw new UsageError(
      missing
        ? `${named} names a proxy, which Node ${process.versions.node} cannot use by itself: npm install undici@7 beside keysmith, ` +
            "or take Node 24.14 or later. NO_PROXY=* goes without a proxy."
        : `${named} names no proxy that can be used. Give its URL, such as http://proxy.example:3128.`,
      { cause: error },
    );
  }
}
