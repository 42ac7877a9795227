/** Headless Chromium, driven through the pipe of its debugging protocol. */
import { spawn, type ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { run } from "../helpers/processes.js";
import { Skipped } from "./cells.js";
import type { Project } from "./project.js";

/** Its major version: Debian's package follows each of its releases. */
export async function chromiumVersion(): Promise<string> {
  const { stdout } = await run("chromium", ["--version"]).catch((error: unknown) => {
    throw new Skipped("there is no chromium on this machine", { cause: error });
  });
  return /\d+/.exec(stdout)?.[0] ?? stdout;
}

/** Opens a page that imports the package as it lies in the project, and gives all that its console shows. */
export async function inChromium(project: Project, url: string): Promise<string> {
  await project.write({ "index.html": await pageOf(project) });
  return withChromium(join(project.folder, "profile"), (tab) => consoleOf(tab, `${url}/page/index.html`));
}

/** A page of a browser. */
export interface Tab {
  /** Gives the result of a command, or undefined where the browser has ended. */
  send: (method: string, parameters: object) => Promise<unknown>;
  /** Told of every event of the domains that were enabled. */
  onEvent: (listener: (method: string, parameters: unknown) => void) => void;
  /** Resolves once the browser has ended. */
  closed: Promise<void>;
}

// Less than a test may take, so that what hangs is told here.
const HANGS_MS = 570_000;

/** Starts a browser of its own, for nine and a half minutes at most unless told otherwise, and gives what is done with its tab. */
export async function withChromium<T>(
  profile: string,
  use: (tab: Tab) => Promise<T>,
  timeoutMs = HANGS_MS,
): Promise<T> {
  await chromiumVersion();
  const child = spawn(
    "chromium",
    [
      "--headless",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-gpu",
      "--disable-quic",
      "--disable-sync",
      "--no-first-run",
      // As root there is no other way. It opens nothing but our own page.
      "--no-sandbox",
      "--remote-debugging-pipe",
      `--user-data-dir=${profile}`,
      "about:blank",
    ],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"], timeout: timeoutMs },
  );
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    return await use(await tabOf(new Debugger(child)));
  } finally {
    child.kill();
    await ended;
  }
}

async function tabOf(browser: Debugger): Promise<Tab> {
  const { targetId } = (await browser.send("Target.createTarget", { url: "about:blank" })) as { targetId: string };
  const attached = await browser.send("Target.attachToTarget", { targetId, flatten: true });
  const { sessionId } = attached as { sessionId: string };
  return {
    send: (method, parameters) => browser.send(method, parameters, sessionId),
    onEvent: (listener) => (browser.onEvent = listener),
    closed: browser.closed,
  };
}

async function pageOf(project: Project): Promise<string> {
  const imports: Record<string, string> = {};
  for (const name of ["keysmith", "openapi-fetch"]) {
    const text = await readFile(join(project.folder, "node_modules", name, "package.json"), "utf8");
    imports[name] = `./node_modules/${name}/${entryOf(JSON.parse(text) as { exports: { ".": Target } })}`;
  }
  return `<!doctype html><title>keysmith</title>
    <script type="importmap">${JSON.stringify({ imports })}</script><script type="module" src="main.js"></script>`;
}

type Target = string | { default?: Target; import?: Target };

function entryOf(manifest: { exports: { ".": Target } }): string {
  let target: Target | undefined = manifest.exports["."];
  while (typeof target === "object") target = target.import ?? target.default;
  return target ?? "";
}

async function consoleOf(tab: Tab, url: string): Promise<string> {
  // What the console shows, the previews of objects included.
  let log = "";
  const finished = new Promise<void>((resolve) => {
    tab.onEvent((method, parameters) => {
      if (!/^(Runtime\.(consoleAPICalled|exceptionThrown)|Log\.entryAdded)$/.test(method)) return;
      const text = JSON.stringify(parameters);
      log += `${text}\n`;
      if (text.includes("everything held") || method === "Runtime.exceptionThrown") resolve();
    });
  });
  await tab.send("Runtime.enable", {});
  await tab.send("Log.enable", {});
  await tab.send("Page.navigate", { url });
  await Promise.race([finished, tab.closed]);
  return log;
}

/** Commands and events as JSON between zero bytes, on the file descriptors 3 and 4. */
class Debugger {
  readonly closed: Promise<void>;
  onEvent: (method: string, parameters: unknown) => void = () => undefined;
  readonly #input: Writable;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #last = 0;

  constructor(child: ChildProcess) {
    const [, , , input, output] = child.stdio;
    if (!(input instanceof Writable) || !(output instanceof Readable)) throw new Error("There is no pipe.");
    this.#input = input;
    this.closed = new Promise((resolve) => output.once("close", resolve));
    let rest = "";
    output.setEncoding("utf8").on("data", (text: string) => {
      const messages = (rest + text).split("\0");
      rest = messages.pop() ?? "";
      for (const message of messages) this.#receive(JSON.parse(message) as Message);
    });
  }

  async send(method: string, parameters: object, sessionId?: string): Promise<unknown> {
    const id = ++this.#last;
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve));
    this.#input.write(`${JSON.stringify({ id, method, params: parameters, sessionId })}\0`);
    return Promise.race([answer, this.closed]);
  }

  #receive({ id, method, params, result }: Message): void {
    if (id === undefined) this.onEvent(method ?? "", params);
    else this.#waiting.get(id)?.(result);
  }
}

interface Message {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
}
