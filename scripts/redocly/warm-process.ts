/**
 * A process that runs commands of the Redocly CLI one after the other. Loading its modules takes most of the time of a lint;
 * here that is done once.
 */
import { spawn, type ChildProcess } from "node:child_process";
import type { Ended } from "./cli.js";

// A command leaves its entry module behind, about two megabytes.
const MOST_RUNS = 100;

/**
 * The entry is imported anew for each command, under another address, and reads its arguments from `process.argv`; what it
 * imports is loaded already. It calls `process.exit` once nothing is left to do. For that the channel to the parent must not
 * count while a command runs; and an exit at any other moment is one, since what was begun before may still be going on.
 */
const program = (entry: string) => `
  const exit = process.exit;
  let output = { stdout: "", stderr: "" };
  let done = false;
  let runs = 0;
  for (const name of ["stdout", "stderr"]) {
    process[name].write = (chunk, ...rest) => {
      // As it would arrive through a pipe, half surrogate pairs included.
      output[name] += Buffer.from(chunk).toString();
      rest.find((one) => typeof one === "function")?.();
      return true;
    };
  }
  process.on("beforeExit", () => (done = true));
  process.exit = (code = process.exitCode ?? 0) => {
    process.channel?.ref();
    process.send?.({ code, signal: null, ...output, goesOn: done }, () => done || exit(code));
  };
  process.on("disconnect", () => exit());
  process.on("message", async ({ cwd, args }) => {
    output = { stdout: "", stderr: "" };
    done = false;
    process.chdir(cwd);
    process.argv = [process.execPath, "redocly", ...args];
    process.channel.unref();
    await import(${JSON.stringify(entry)} + "?" + runs++);
  });
`;

export class WarmProcess {
  readonly #args: string[];
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #runs = 0;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param entry the URL of the module that the CLI's program imports.
   * @param flags of Node.
   */
  constructor(entry: string, flags: string[], env: NodeJS.ProcessEnv) {
    this.#args = [...flags, "--input-type=module", "--eval", program(entry)];
    this.#env = env;
  }

  /** Runs a command after those before it. If the process ends meanwhile, that is the result; the next one gets another. */
  run(cwd: string, args: string[]): Promise<Ended> {
    const run = this.#last.then(() => this.#run(cwd, args));
    this.#last = run;
    return run;
  }

  end(): void {
    this.#child?.kill();
    this.#child = undefined;
  }

  #run(cwd: string, args: string[]): Promise<Ended> {
    if (++this.#runs % MOST_RUNS === 0) this.end();
    const child = (this.#child ??= this.#start());
    return new Promise((resolve) => {
      let stderr = "";
      const hear = (text: string): void => void (stderr += text);
      const settle = (ended: Ended): void => {
        child.off("message", answered).off("close", closed).off("error", failed);
        child.stderr?.off("data", hear);
        resolve(ended);
      };
      const answered = (message: unknown): void => {
        const { goesOn, ...ended } = message as Ended & { goesOn: boolean };
        if (!goesOn) this.#forget(child);
        settle(ended);
      };
      const closed = (code: number | null, signal: string | null): void => settle({ code, signal, stdout: "", stderr });
      const failed = (error: Error): void => settle({ code: null, signal: null, stdout: "", stderr: error.message });
      child.on("message", answered).on("close", closed).on("error", failed);
      child.stderr?.on("data", hear);
      child.send({ cwd, args });
    });
  }

  #start(): ChildProcess {
    const child = spawn(process.execPath, this.#args, {
      env: this.#env,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    child.stderr?.setEncoding("utf8");
    child.on("exit", () => this.#forget(child)).on("error", () => this.#forget(child));
    return child;
  }

  #forget(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined;
  }
}
