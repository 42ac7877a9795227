/** A real server on loopback that misbehaves on the socket, where no HTTP library would let it. */
import { createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { listen } from "../helpers/loopback.js";

export type Behaviour = (socket: Socket, request: { method: string; path: string; head: string }) => void;

/** Answers each request by what `behaviours` says, the last for all further ones. Gone after the test. */
export async function faultyServer(...behaviours: Behaviour[]) {
  const requests: { method: string; path: string; head: string }[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    let received = "";
    socket.on("data", (bytes) => {
      received += bytes.toString("latin1");
      const end = received.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (end < 0 || received.length < end + 4 + length) return;
      const head = received.slice(0, end);
      received = "";
      const [method = "", path = ""] = head.split(" ");
      const request = { method, path, head };
      requests.push(request);
      behaviours[Math.min(requests.length, behaviours.length) - 1]?.(socket, request);
    });
  });
  const { url, close } = await listen(server);
  onTestFinished(close);
  return { url, requests };
}

/** A header that is empty is left out. */
export function answer(status: number, body: string, headers: Record<string, string> = {}): Behaviour {
  const all = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) => (value ? [`${name}: ${value}\r\n`] : []));
  return (socket) => socket.write(`HTTP/1.1 ${status} Whatever\r\n${lines.join("")}\r\n${body}`);
}

/** The connection is cut before a byte is answered. */
export const reset: Behaviour = (socket) => socket.resetAndDestroy();

/** Nothing comes, ever. */
export const silence: Behaviour = () => undefined;

/** Half of what was promised, then the end. */
export const truncated: Behaviour = (socket) => {
  socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"data":{"na');
};

/** An end that looks proper, in the middle of chunked JSON. */
export const cutJson: Behaviour = (socket) => {
  const body = '{"data":{"na';
  socket.write(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  );
};
