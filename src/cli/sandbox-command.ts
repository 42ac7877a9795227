/** The command that a sandbox is served for. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { endingSignals } from "./errors.js";
import { isSystemError, systemReason } from "../files/system-errors.js";
import { note } from "./show/output.js";

/** As shells tell that there is no such program, and that it is none. */
const NOT_FOUND = 127;
const NOT_RUN = 126;

/** Runs a program with these variables besides what is there, and gives its exit code, or 128 and the signal's number. */
export async function runFor(command: readonly string[], variables: Record<string, string>): Promise<number> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...withoutProxy(), ...variables } });
  const isAtTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  const passing = endingSignals.map((signal) => {
    // A terminal has sent it to the command as well, which would take a second one for impatience.
    const pass = () => (isAtTerminal && signal === "SIGINT" ? undefined : void child.kill(signal));
    process.on(signal, pass);
    return () => process.off(signal, pass);
  });
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + constants.signals[signal ?? "SIGKILL"];
  } catch (error) {
    const isMissing = isSystemError(error, "ENOENT");
    const reason = isSystemError(error, "EACCES") ? "it is no program that you may run" : systemReason(error);
    note(`keysmith: ${program}: ${isMissing ? "there is no such program" : reason}.`);
    return isMissing ? NOT_FOUND : NOT_RUN;
  } finally {
    for (const stop of passing) stop();
  }
}

/** What keeps requests to this machine from going through a proxy, where there is one. */
function withoutProxy(): Record<string, string> {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"];
  if (!names.some((name) => process.env[name])) return {};
  const others = process.env["NO_PROXY"] ?? process.env["no_proxy"];
  const none = [...(others ? [others] : []), "127.0.0.1"].join(",");
  return { NO_PROXY: none, no_proxy: none };
}
