import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import { createSandbox } from "../../src/sandbox/index.js";
import type { Served } from "./lifecycle.js";

export interface ServedForChecks {
  served: Served;
  /** Every plaintext that a provider has given out, the credentials included. */
  plaintext: Set<string>;
  /** How many requests followed a redirect. */
  followed: () => number;
  close: () => Promise<void>;
}

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
};

/** The sandbox over HTTP, with what the checks need besides. @param pages a folder that is served below `/page/` */
export async function serveForChecks(pages?: string): Promise<ServedForChecks> {
  const sandbox = createSandbox();
  const plaintext = new Set(Object.values(sandbox.credentials));
  let followed = 0;

  async function answer(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const [, first = "", ...rest] = pathname.split("/");
    switch (first) {
      case "hang":
        return new Promise<never>((_, reject) => {
          init?.signal?.addEventListener("abort", () => reject(new Error("gone")), { once: true });
        });
      case "redirect":
        return new Response(null, { status: 307, headers: { location: `/landed/${rest.join("/")}` } });
      case "landed":
        followed++;
        return Response.json({ data: {}, id: "a" });
      case "page":
        return page(pages, rest.join("/"));
      default: {
        const response = await sandbox.fetch(input, init);
        const body: unknown = await response
          .clone()
          .json()
          .catch(() => undefined);
        const { token, key, secret } = (body ?? {}) as Record<string, unknown>;
        for (const value of [token, key, secret]) if (typeof value === "string" && value) plaintext.add(value);
        return response;
      }
    }
  }

  const { url, close } = await serveSandbox({ sandbox: { ...sandbox, fetch: answer } });
  return { served: { url, credentials: sandbox.credentials }, plaintext, followed: () => followed, close };
}

async function page(folder: string | undefined, path: string): Promise<Response> {
  const file = normalize(join("/", path));
  const text = folder === undefined ? undefined : await readFile(join(folder, file)).catch(() => undefined);
  if (text === undefined) return new Response(null, { status: 404 });
  return new Response(text, { headers: { "content-type": TYPES[extname(file)] ?? "application/octet-stream" } });
}
