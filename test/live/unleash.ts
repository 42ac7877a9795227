/** A real Unleash, for as long as tests run. */
import { fileURLToPath } from "node:url";
import { closedPort } from "../helpers/loopback.js";
import { cleanEnvironment, Program, tied } from "../helpers/processes.js";

export interface Unleash {
  /** Up to and without `/api`. */
  url: string;
  /** An admin token. */
  credential: string;
  stop: () => Promise<void>;
}

const program = fileURLToPath(new URL("node_modules/unleash-server/dist/server.js", import.meta.url));

/** An admin token, which it makes in a database that has none yet. */
const credential = `*:*.${"0".repeat(56)}`;

/** @param databaseUrl of a database that is empty, or that an Unleash has used before */
export async function startUnleash(databaseUrl: string): Promise<Unleash> {
  const port = await closedPort();
  const server = new Program(...tied("SIGKILL", process.execPath, program), {
    env: {
      ...cleanEnvironment(),
      DATABASE_URL: databaseUrl,
      DATABASE_SSL: "false",
      HTTP_HOST: "127.0.0.1",
      HTTP_PORT: String(port),
      INIT_ADMIN_API_TOKENS: credential,
      ENABLE_OAS: "true",
      LOG_LEVEL: "info",
      TZ: "UTC",
      // As it is run: otherwise a body that is no JSON is answered with a page and a stack.
      NODE_ENV: "production",
      // It would ask its maker for newer versions, and tell of this one.
      CHECK_VERSION: "false",
      SEND_TELEMETRY: "false",
    },
  });
  try {
    await server.printed("Unleash has started");
  } catch (error) {
    await server.end("SIGKILL");
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    credential,
    stop: async () => {
      // It waits for its connections as long as they like.
      await server.end("SIGKILL");
    },
  };
}
