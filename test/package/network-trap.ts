/** Loaded before a program: writes down, into the file NETWORK_LOG, whatever the program connects to or looks up. */
import dgram from "node:dgram";
import dns from "node:dns";
import { appendFileSync } from "node:fs";
import net from "node:net";

const log = process.env["NETWORK_LOG"] ?? "";

/** Replaces a method by one that notes what it is asked for first. */
function watch(object: object, name: string, describe: (args: unknown[]) => string): void {
  const method: unknown = Reflect.get(object, name);
  if (typeof method !== "function") return;
  Reflect.set(object, name, function (this: unknown, ...args: unknown[]): unknown {
    appendFileSync(log, `${name} ${describe(args)}\n`);
    const result: unknown = Reflect.apply(method, this, args);
    return result;
  });
}

/** Of `connect`: options, a port and a host, a path, or, from within Node, all of that in an array. */
function destination(args: unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first !== "object" || first === null) return [second ?? "localhost", first].map(String).join(":");
  const { host = "localhost", port, path } = first as { host?: string; port?: number; path?: string };
  return path ?? `${host}:${String(port)}`;
}

// Sockets of TLS are sockets, too.
watch(net.Socket.prototype, "connect", destination);
for (const method of ["bind", "connect", "send"]) watch(dgram.Socket.prototype, method, String);
for (const resolver of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of Object.getOwnPropertyNames(resolver)) {
    if (/^(lookup|resolve|reverse)/.test(name)) watch(resolver, name, ([of]) => String(of));
  }
}
