import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { listen } from "../helpers/loopback.js";

const TYPES: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

/** Serves a folder on loopback, below a path and nowhere else. Gives the URL, which ends in that path. */
export async function serveFolder(folder: string, path: string) {
  const server = createServer((request, response) => void answer(request.url ?? "/", response));
  const { url: origin, close } = await listen(server);
  return { url: origin + path, close };

  async function answer(url: string, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(url, "http://127.0.0.1");
    const file = pathname.startsWith(path) ? join(folder, normalize(`/${pathname.slice(path.length)}`)) : undefined;
    const body = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    if (file === undefined || body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(body);
  }
}
