import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { createSandbox, type Sandbox } from "../sandbox/index.js";
import { isProviderHost } from "../sandbox/routes.js";

export interface ServeOptions {
  /** 0, as when it is left out: any that is free. */
  port?: number | undefined;
  /** 127.0.0.1 unless given. */
  host?: string | undefined;
  /** Unless given, a new one, of which what it holds and remembers is bounded: a server may run for long. */
  sandbox?: Sandbox | undefined;
  /** Answers what is below `/_sandbox`, where it is given. @param address whose request it is */
  control?: ((request: Request, address: string) => Promise<Response>) | undefined;
}

export interface ServedSandbox {
  /**
   * Where it listens, such as `http://127.0.0.1:4010`. The providers are below it. Of all addresses it is the one that this
   * machine itself has for that.
   */
  url: string;
  sandbox: Sandbox;
  /** Stops listening and ends every connection. */
  close: () => Promise<void>;
}

/** No request of a provider's clients has as much. */
const MAX_BODY_BYTES = 100_000;

/** Where the sandbox itself is told what to do. No provider is called so. */
const CONTROL = "/_sandbox";

/** What stands for all addresses, which no client can ask for everywhere, and loopback of the same kind. */
const ON_LOOPBACK: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** What a sandbox that is served holds and remembers at most. */
export const bounds = { maxLoggedRequests: 1_000, maxBytes: 20_000_000 };

/** Serves a sandbox over HTTP. @throws the system's error, such as EADDRINUSE, where it cannot listen. */
export async function serveSandbox(options: ServeOptions = {}): Promise<ServedSandbox> {
  const { port = 0, host = "127.0.0.1" } = options;
  const sandbox = options.sandbox ?? createSandbox(bounds);
  const server = createServer((incoming, outgoing) => {
    void exchange({ ...options, sandbox }, incoming, outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  // Only a server on a pipe has anything else.
  const { address, port: bound } = server.address() as AddressInfo;
  const reached = ON_LOOPBACK[address] ?? address;
  return {
    url: `http://${reached.includes(":") ? `[${reached}]` : reached}:${bound}`,
    sandbox,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function exchange(
  { sandbox, control }: Pick<ServeOptions, "control"> & { sandbox: Sandbox },
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => {
    // Nobody waits for what is finished, and an abort makes an error each time.
    if (!outgoing.writableFinished) gone.abort();
  });
  try {
    const sent = await read(incoming);
    if (sent === undefined) {
      refuse(outgoing, 413, `The body has more than ${MAX_BODY_BYTES} bytes.`);
      return;
    }
    const body = decoded(sent, incoming.headers["content-encoding"]);
    if (body === undefined) {
      const codings = Object.keys(CODINGS).join(", ");
      refuse(outgoing, 415, `The body is no ${codings}, or of more than ${MAX_BODY_BYTES} bytes.`);
      return;
    }
    const request = requestOf(incoming, body);
    if (request === undefined) {
      refuse(outgoing, 400, "This is no request that a client of the providers could send.");
      return;
    }
    const { host, pathname } = new URL(request.url);
    const isControl = !isProviderHost(host) && (pathname === CONTROL || pathname.startsWith(`${CONTROL}/`));
    const response =
      control && isControl
        ? await control(request, incoming.socket.remoteAddress ?? "")
        : await sandbox.fetch(request, { signal: gone.signal });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    const reader = response.body?.getReader();
    for (let chunk = await reader?.read(); chunk?.value; chunk = await reader?.read())
      await write(outgoing, chunk.value);
    outgoing.end();
  } catch {
    // A fault of the sandbox, or the client has gone: there is no answer, or no more of it.
    outgoing.destroy();
  }
}

type Decode = (body: Uint8Array, bounds: { maxOutputLength: number }) => Uint8Array;

/** How bodies may be compressed, as `Content-Encoding` says it. */
const CODINGS: Readonly<Record<string, Decode>> = {
  identity: (body) => body,
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** Undefined where it cannot be decoded, or to too much. */
function decoded(body: Uint8Array, encoding = "identity"): Uint8Array<ArrayBuffer> | undefined {
  const coding = body.length === 0 ? "identity" : encoding.trim().toLowerCase();
  if (!Object.hasOwn(CODINGS, coding)) return undefined;
  try {
    return Uint8Array.from(CODINGS[coding]?.(body, { maxOutputLength: MAX_BODY_BYTES }) ?? []);
  } catch {
    return undefined;
  }
}

/** Undefined where there is too much of it. All of it is read even then, as many clients read no answer before that. */
async function read(incoming: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

/** Undefined where the target is no URL or the method is one that `fetch` does not know. */
function requestOf({ method = "GET", url = "/", headers }: IncomingMessage, body: Uint8Array<ArrayBuffer>) {
  const fields = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]);
  try {
    // A client whose requests are only sent elsewhere asks for the provider by its name.
    const name = headers.host?.replace(/\.?(:\d+)?$/, "").toLowerCase() ?? "";
    return new Request(url.startsWith("/") ? `http://${isProviderHost(name) ? name : "sandbox"}${url}` : url, {
      method,
      headers: fields,
      body: method === "GET" || method === "HEAD" ? null : body,
      redirect: "manual",
    });
  } catch {
    return undefined;
  }
}

function refuse(outgoing: ServerResponse, status: number, reason: string): void {
  outgoing.writeHead(status, { "content-type": "text/plain" }).end(`${reason}\n`);
}

/** Resolves once the chunk is with the system, so that ending the connection then does not take it along. */
function write(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.write(chunk, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
