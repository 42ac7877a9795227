/** A way to a database that can be cut. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface Proxied {
  /** As the database's, by this way. */
  url: string;
  /** Breaks all connections, and takes no others. */
  cut: () => void;
  mend: () => void;
  stop: () => Promise<void>;
}

export async function proxied(url: string): Promise<Proxied> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    if (isCut) return void socket.destroy();
    const onward = connect(Number(port), hostname);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => void (sockets.delete(one), other.destroy()));
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own = (server.address() as AddressInfo).port;
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.replace(`:${port}/`, `:${own}/`),
    cut: () => {
      isCut = true;
      breakAll();
    },
    mend: () => {
      isCut = false;
    },
    stop: async () => {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
