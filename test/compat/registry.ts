/** A registry server of our own: it has this package, and hands everything else on from npm's registry. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closedPort } from "../helpers/loopback.js";
import { cleanEnvironment, Program, run } from "../helpers/processes.js";

export interface Registry {
  url: string;
  /** For npm and whoever else reads its settings: this registry, and a cache of its own. */
  env: NodeJS.ProcessEnv;
  close: () => Promise<void>;
}

/** The registry that npm is set to use here; undefined where it does not answer. */
export async function upstreamRegistry(root: string): Promise<string | undefined> {
  const url = (await run("npm", ["config", "get", "registry"], { cwd: root, env: quiet(process.env) })).stdout.trim();
  const look = ["view", "openapi-fetch", "version", "--registry", url, "--fetch-retries=0", "--prefer-online"];
  const answers = run("npm", look, { cwd: root, env: quiet(process.env), timeoutMs: 30_000 });
  return answers.then(
    () => url,
    () => undefined,
  );
}

/** @param cache keeps what was fetched from the upstream registry, for the next time */
export async function startRegistry(root: string, upstream: string, cache: string): Promise<Registry> {
  const storage = join(cache, "verdaccio");
  // What was published the last time.
  await rm(join(storage, "keysmith"), { recursive: true, force: true });
  await rm(join(storage, ".verdaccio-db.json"), { force: true });
  await mkdir(storage, { recursive: true });
  const temporary = await mkdtemp(join(tmpdir(), "keysmith-registry-"));
  const config = {
    storage,
    uplinks: { upstream: { url: upstream, maxage: "1d", timeout: "60s", max_fails: 20 } },
    packages: {
      keysmith: { access: "$all", publish: "$all" },
      "**": { access: "$all", proxy: "upstream" },
    },
    web: { enable: false },
    log: { type: "stdout", level: "warn" },
  };
  await writeFile(join(temporary, "config.yaml"), JSON.stringify(config));

  const port = await closedPort();
  const url = `http://127.0.0.1:${port}/`;
  const npmCache = join(temporary, "npm");
  const verdaccio = join(root, "test/compat/node_modules/verdaccio/bin/verdaccio");
  const server = new Program(
    process.execPath,
    [verdaccio, "--config", join(temporary, "config.yaml"), "--listen", `127.0.0.1:${port}`],
    { env: { ...cleanEnvironment(), ...(await certificates(root)) }, messages: true },
  );
  // That it listens.
  await server.message();
  return {
    url,
    env: {
      ...quiet(cleanEnvironment()),
      NPM_CONFIG_REGISTRY: url,
      NPM_CONFIG_CACHE: npmCache,
      [`NPM_CONFIG_//127.0.0.1:${port}/:_authToken`]: "none-is-asked-for",
    },
    close: async () => {
      await server.end();
      await rm(temporary, { recursive: true });
    },
  };
}

function quiet(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    NPM_CONFIG_AUDIT: "false",
    NPM_CONFIG_FUND: "false",
    NPM_CONFIG_LOGLEVEL: "error",
    NPM_CONFIG_UPDATE_NOTIFIER: "false",
  };
}

/** The certificates that npm trusts, for what is no part of npm. */
async function certificates(root: string): Promise<NodeJS.ProcessEnv> {
  const found = await run("npm", ["config", "get", "cafile"], { cwd: root, env: quiet(process.env) });
  const file = found.stdout.trim();
  return /^(null|undefined)?$/.test(file) ? {} : { NODE_EXTRA_CA_CERTS: file };
}
