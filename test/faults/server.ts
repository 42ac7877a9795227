/** Servers on loopback that misbehave on the socket, as each cell of the matrix asks. */
import { connect, createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { listen } from "../helpers/loopback.js";
import { selfSigned } from "./certificate.js";
import { Exchange } from "./exchange.js";
import { faults, type Place } from "./faults.js";
import { CREDENTIAL, type Answer } from "./operation.js";
import { FURTHER_PAGE, lookOf, modes, Progress, targets, type Mode, type Target } from "./targets.js";

/** Where requests go, by what becomes of them there. The faults that are answers are served at `served`. */
export type Origins = Readonly<Record<Place | "served", string>>;

/** What the server knows of one call. */
export interface Seen {
  requests: number;
  paths: string[];
  /** The JSON that it answered last, further pages aside. */
  answered: string;
  /** How many bytes of floods were taken. */
  flood: number;
}

export interface FaultyServers {
  origins: Origins;
  seen: (serial: number) => Seen;
  /** How often somebody connected where redirects lead, or sent a request to whom nobody can trust. */
  strayed: () => number;
  /** Resolves once each answer to the call is on its way as a whole, or given up by the client. */
  finished: (serial: number) => Promise<void>;
  close: () => Promise<void>;
}

/** The path before an operation's own, which says what is to happen. */
export function pathOf(serial: number, fault: number, target: Target, mode: Mode): string {
  return `/${serial}/${fault}/${targets.indexOf(target)}/${modes.indexOf(mode)}`;
}

/** @param onRequest told of each request's call; what it gives is called when nothing more will come */
export async function faultyServers(onRequest: (serial: number) => () => void): Promise<FaultyServers> {
  const calls = new Map<number, { progress: Progress; seen: Seen }>();
  // The call that each connection is busy with.
  const sockets = new Map<Socket, number | undefined>();
  const waiting = new Map<number, () => void>();
  const isBusy = (serial: number) => [...sockets.values()].includes(serial);
  const free = (socket: Socket, gone: boolean) => {
    const serial = sockets.get(socket);
    if (gone) sockets.delete(socket);
    else if (sockets.has(socket)) sockets.set(socket, undefined);
    if (serial !== undefined && !isBusy(serial)) waiting.get(serial)?.();
  };
  let strayed = 0;
  const track = (socket: Socket) => {
    sockets.set(socket, undefined);
    socket.on("error", () => undefined).once("close", () => free(socket, true));
  };

  // An answer is written in pieces, of which none may wait for the one before to be acknowledged.
  const serving = createServer({ noDelay: true }, (socket) => {
    track(socket);
    receive(socket, (method, path) => {
      const [, serial = 0, fault = 0, target = 0, mode = 0] = path.split("/").map(Number);
      const does = faults[fault]?.does;
      // What went elsewhere does not arrive.
      const call = calls.get(serial) ?? newCall(target, mode, typeof does === "function" ? 0 : 1);
      calls.set(serial, call);
      const { progress, seen } = call;
      seen.requests++;
      seen.paths.push(path);
      sockets.set(socket, serial);
      const { asks, operation } = progress.target;
      const exchange = new Exchange({
        socket,
        operation: asks,
        // Whom a look is for, the server is not told.
        secrets: progress.phaseOf(method) === "before" ? [CREDENTIAL] : operation.sent,
        serial,
        right: rightAnswer(progress, method, path),
        elsewhere: `${other.url}/?quoted=${encodeURIComponent(CREDENTIAL)}`,
        finished: () => free(socket, false),
        stalled: onRequest(serial),
        answered: (status, text) => {
          if (!FURTHER_PAGE.test(path)) seen.answered = text;
          progress.done ||= method !== "GET" && (status < 300 || status === 404);
        },
        flooded: (bytes) => (seen.flood += bytes),
      });
      const meets = progress.meets(method, path);
      if (meets === "fault" && typeof does === "function") {
        does(exchange);
        return;
      }
      if (meets === "404") exchange.answer(404, exchange.error(404));
      else exchange.answer(exchange.right.status, exchange.rightText());
    });
  });
  const untrustworthy = createTlsServer(selfSigned(), (socket) => {
    socket.on("error", () => undefined).on("data", () => strayed++);
  });
  untrustworthy.on("connection", track);
  const straying = createServer((socket) => {
    strayed++;
    socket.destroy();
  });
  const [served, untrusted, other] = [await listen(serving), await listen(untrustworthy), await listen(straying)];
  // The near end of a connection that stays: nobody listens at that port, and nobody else is given it.
  const near = connect(served.port, "127.0.0.1");
  await new Promise<void>((resolve) => near.once("connect", resolve));

  return {
    origins: {
      served: served.url,
      refused: `http://127.0.0.1:${near.localPort ?? 0}`,
      // A label longer than labels may be: no resolver asks anybody for it.
      unresolvable: `http://${"x".repeat(64)}.invalid`,
      untrusted: `https://127.0.0.1:${untrusted.port}`,
      notTls: `https://127.0.0.1:${served.port}`,
    },
    seen: (serial) => calls.get(serial)?.seen ?? { requests: 0, paths: [], answered: "", flood: 0 },
    strayed: () => strayed,
    finished: async (serial) => {
      if (isBusy(serial)) await new Promise<void>((resolve) => waiting.set(serial, resolve));
      waiting.delete(serial);
    },
    close: async () => {
      near.destroy();
      await Promise.all([served, untrusted, other].map(({ close }) => close()));
    },
  };
}

function newCall(target: number, mode: number, met: number): { progress: Progress; seen: Seen } {
  const [how, whom] = [modes[mode], targets[target]];
  if (!how || !whom) throw new Error("The path names no cell of the matrix.");
  return { progress: new Progress(whom, how, met), seen: { requests: 0, paths: [], answered: "", flood: 0 } };
}

/** What a server that works would answer. */
function rightAnswer(progress: Progress, method: string, path: string): Answer {
  const { operation } = progress.target;
  const phase = progress.phaseOf(method);
  const { lastPage } = (phase === "own" ? operation : lookOf(operation)) ?? {};
  if (FURTHER_PAGE.test(path)) return { status: 200, body: lastPage };
  if (phase === "own") return operation.right;
  const { before, after = before } = operation.looks ?? {};
  return { status: 200, body: phase === "before" ? before : after };
}

/** Tells of each request on a connection when it has arrived as a whole. */
function receive(socket: Socket, arrived: (method: string, path: string) => void): void {
  let received = "";
  socket.on("data", (bytes) => {
    received += bytes.toString("latin1");
    // The first byte of a TLS handshake, which a server of plain HTTP makes nothing of.
    if (received.startsWith("\x16")) return void socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
    const end = received.indexOf("\r\n\r\n");
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
    if (end < 0 || received.length < end + 4 + length) return;
    const [method = "", path = ""] = received.split(" ", 2);
    received = "";
    arrived(method, path);
  });
}
