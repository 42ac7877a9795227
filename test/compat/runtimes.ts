/** The life of a key in each runtime, against a sandbox of its own on loopback. */
import { join } from "node:path";
import { build } from "esbuild";
import type { Cell, CompatEnvironment } from "./cells.js";
import { inChromium, chromiumVersion } from "./chromium.js";
import { Project } from "./project.js";
import { serveForChecks } from "./served-sandbox.js";
import { userScript } from "./user-code.js";

// The oldest that is supported, and the newest of each line.
const NODES = ["20.19.0", "20.20.2", "22.23.3", "24.19.0", "26.10.0"];
const BUN = "1.4.5";
const DENO = "2.9.6";
const WORKERD = "1.20261117.1";

export const runtimes: Cell[] = [
  ...NODES.map((version): Cell => ({ what: "Node.js", version, check: (to) => inNode(to, version) })),
  { what: "Bun", version: BUN, check: inBun },
  { what: "Deno", version: DENO, check: inDeno },
  { what: "workerd (Cloudflare Workers)", version: WORKERD, check: inWorkerd },
  { what: "Chromium", version: chromiumVersion, check: (to) => withLifecycle(to, inChromium) },
];

const MAIN = `
import { lifecycle } from "./lifecycle.js";
import served from "./served.js";
const failures = await lifecycle(served);
if (failures.length > 0) throw new Error(failures.join("\\n"));
console.log("everything held");
`;

/** Runs the lifecycle in a new project by `start`, which gives what the runtime logged. */
async function withLifecycle(
  { root, registry, keysmith }: CompatEnvironment,
  start: (project: Project, url: string) => Promise<string>,
  install: (project: Project) => Promise<unknown> = (project) => project.install(keysmith),
): Promise<void> {
  const project = await Project.create(registry);
  const { served, plaintext, followed, close } = await serveForChecks(project.folder);
  try {
    await project.write({
      "lifecycle.js": await userScript(root, "test/compat/lifecycle.ts"),
      "main.js": MAIN,
      "served.js": `export default ${JSON.stringify(served)};`,
    });
    await install(project);
    const log = await start(project, served.url);
    if (!log.includes("everything held")) throw new Error(`It did not reach its end:\n${log}`);
    if (!log.includes("[secret]")) throw new Error(`It logged no secret:\n${log}`);
    for (const secret of [...plaintext, "plaintext-in-no-log"]) {
      const [shown] = log.split("\n").filter((line) => line.includes(secret));
      if (shown) throw new Error(`The log shows the plaintext of a secret:\n${shown}`);
    }
    if (followed() > 0) throw new Error("A redirect was followed.");
  } finally {
    await close();
    await project.remove();
  }
}

async function inNode(to: CompatEnvironment, version: string): Promise<void> {
  const install = (project: Project) => project.install(to.keysmith, `node@${version}`);
  const start = async (project: Project) => {
    await project.write({ "main.cjs": 'console.log(new (require("keysmith").Secret)("a"));' });
    await project.bin("node", "main.cjs");
    for (const command of to.commands) await project.bin("node", `node_modules/.bin/${command}`, "--version");
    return project.bin("node", "main.js");
  };
  await withLifecycle(to, start, install);
}

/** Installed by its own client. */
async function inBun(to: CompatEnvironment): Promise<void> {
  const tools = await Project.create(to.registry);
  try {
    await tools.install(`bun@${BUN}`);
    const bun = join(tools.folder, "node_modules/.bin/bun");
    const install = (project: Project) => project.run(bun, "add", "--exact", to.keysmith);
    await withLifecycle(to, (project) => project.run(bun, "main.js"), install);
  } finally {
    await tools.remove();
  }
}

/** Fetched by its own client, and started without any permission but to reach the sandbox. */
async function inDeno(to: CompatEnvironment): Promise<void> {
  const tools = await Project.create(to.registry);
  try {
    await tools.install(`deno@${DENO}`);
    const deno = join(tools.folder, "node_modules/.bin/deno");
    const install = (project: Project) =>
      project.write({
        "deno.json": JSON.stringify({ imports: { keysmith: `npm:${to.keysmith}` }, nodeModulesDir: "none" }),
      });
    const start = (project: Project) =>
      project.run(
        "env",
        `DENO_DIR=${tools.folder}/cache`,
        deno,
        "run",
        "--no-prompt",
        "--allow-net=127.0.0.1",
        // What was published a moment ago is too new for it otherwise.
        "--minimum-dependency-age=0",
        "main.js",
      );
    await withLifecycle(to, start, install);
  } finally {
    await tools.remove();
  }
}

const WORKER_CONFIG = `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "loopback", network = (allow = ["local", "private"])),
  ],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "2026-01-01",
  globalOutbound = "loopback",
);
`;

/** As one module, which is how a worker is deployed. */
async function inWorkerd(to: CompatEnvironment): Promise<void> {
  const install = (project: Project) => project.install(to.keysmith, `workerd@${WORKERD}`);
  const start = async (project: Project) => {
    const main = MAIN.replace(/const failures[^]*/, "export default { async test() {$&} };");
    await project.write({ "worker-main.js": main, "config.capnp": WORKER_CONFIG });
    await build({
      absWorkingDir: project.folder,
      entryPoints: ["worker-main.js"],
      bundle: true,
      conditions: ["workerd", "worker"],
      format: "esm",
      outfile: join(project.folder, "worker.js"),
    });
    return project.bin("workerd", "test", "config.capnp");
  };
  await withLifecycle(to, start, install);
}
