/** Servers on loopback, at ports that the system chooses. */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";

export interface Listening {
  port: number;
  /** Of plain HTTP, without a slash at its end. */
  url: string;
  /** Ends its connections, too. */
  close: () => Promise<void>;
}

/** @param server of HTTP, TLS or sockets */
export async function listen(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket.once("close", () => sockets.delete(socket))));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A port of loopback where nobody listens. */
export async function closedPort(): Promise<number> {
  const { port, close } = await listen(createServer());
  await close();
  return port;
}
