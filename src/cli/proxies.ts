/** The proxies that the environment names, as other commands honour them. */
import http from "node:http";
import type { Dispatcher } from "undici";
import { UsageError } from "./errors.js";

const VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];

/** What is used of undici, whose dispatcher Node's own fetch goes by. */
type Undici = Pick<typeof import("undici"), "EnvHttpProxyAgent" | "Pool" | "setGlobalDispatcher">;

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
    const undici = await load();
    undici.setGlobalDispatcher(agentOf(undici));
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

function agentOf({ EnvHttpProxyAgent, Pool }: Undici): Dispatcher {
  return new EnvHttpProxyAgent({
    clientFactory: (origin, options) => {
      const pool: Dispatcher = new Pool(origin, options);
      const open = pool.connect.bind(pool);
      // A proxy that ends the connection instead of answering would be asked again, thousands of times a second, until the
      // request has no time left (undici#3897), and then nobody would know whether that was sent. Another code ends it.
      const connect = async (asked: Dispatcher.ConnectOptions) => {
        try {
          return await open(asked);
        } catch (cause) {
          if (!(cause instanceof Error && "code" in cause && cause.code === "UND_ERR_SOCKET")) throw cause;
          throw Object.assign(new Error("the proxy ended the connection", { cause }), { code: "ECONNREFUSED" });
        }
      };
      return Object.assign(pool, { connect });
    },
  });
}
