/** Programs in processes of their own: what they are given, what they say, and how they end. */
import { spawn, type ChildProcess } from "node:child_process";

export interface StartOptions {
  cwd?: string | undefined;
  env?: NodeJS.ProcessEnv | undefined;
  /** All of its standard input, which leads nowhere unless this is given. */
  stdin?: string | undefined;
  /** `"ignore"`: its output leads nowhere. */
  output?: "pipe" | "ignore";
  /** Whether it can send messages and be sent some. */
  messages?: boolean;
  /** When it is killed, if it has not ended by then. */
  timeoutMs?: number;
  /** Called as soon as it runs, and whenever it has said more. */
  watch?: (program: Program) => void;
}

export interface Ended {
  /** Null where a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export class Program {
  readonly child: ChildProcess;
  /** Rejects where it could not be started. */
  readonly ended: Promise<Ended>;
  stdout = "";
  stderr = "";
  /** Both, as they came. */
  output = "";
  #saidMore: () => void = () => undefined;
  #more = this.#nextOutput();

  constructor(
    command: string,
    args: readonly string[],
    { cwd, env, stdin, output = "pipe", messages = false, timeoutMs, watch }: StartOptions = {},
  ) {
    const streams = [stdin === undefined ? "ignore" : "pipe", output, output] as const;
    this.child = spawn(command, args, {
      cwd,
      env,
      stdio: messages ? [...streams, "ipc"] : [...streams],
      timeout: timeoutMs,
    });
    // Whoever has ended may not have read all of it.
    this.child.stdin?.on("error", () => undefined).end(stdin);
    for (const name of ["stdout", "stderr"] as const) {
      this.child[name]?.setEncoding("utf8").on("data", (text: string) => {
        this[name] += text;
        this.output += text;
        watch?.(this);
        this.#saidMore();
        this.#more = this.#nextOutput();
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
    watch?.(this);
  }

  /** Resolves once the output, from `from` on, holds `text`; gives where it ends. @throws where it never will */
  async printed(text: string, from = 0): Promise<number> {
    for (;;) {
      const at = this.output.indexOf(text, from);
      if (at >= 0) return at + text.length;
      await Promise.race([this.#more, this.#endedBefore(`it printed ${text}`)]);
    }
  }

  /** The next message that it sends. @throws where none can come any more */
  async message(): Promise<unknown> {
    const message = new Promise<unknown>((resolve) => this.child.once("message", resolve));
    return Promise.race([message, this.#endedBefore("it sent a message")]);
  }

  /** Ends it, if it has not ended by itself. */
  end(signal?: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }

  #nextOutput(): Promise<void> {
    return new Promise((resolve) => (this.#saidMore = resolve));
  }

  async #endedBefore(what: string): Promise<never> {
    await this.ended;
    throw new Error(`The program ended with ${this.ending} before ${what}:\n${this.output}`);
  }

  /** Its exit code, or the signal that ended it. */
  get ending(): string {
    return String(this.child.signalCode ?? this.child.exitCode);
  }
}

/** A command that is sent the signal when this process ends, however it does, where the system can do that. */
export function tied(signal: NodeJS.Signals, ...command: string[]): [command: string, args: string[]] {
  const [program = "", ...args] = command;
  return process.platform === "linux" ? ["setpriv", [`--pdeathsig=${signal.slice(3)}`, ...command]] : [program, args];
}

/** Runs a program to its end. @throws with what it printed where it fails */
export async function run(command: string, args: readonly string[], options?: StartOptions): Promise<Program> {
  const program = new Program(command, args, { timeoutMs: 300_000, ...options });
  const { code } = await program.ended;
  if (code === 0) return program;
  throw new Error(`${command} ${args.join(" ")}: ended with ${program.ending}\n${program.output}`);
}

/** Runs a program of Node's to its end, with these variables besides one's own, and gives its standard output. */
export async function node(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  return (await run(process.execPath, args, { cwd, env: { ...process.env, ...env } })).stdout;
}

/** The environment of this process without npm's settings, which `npm run` hands on, and without credentials. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const unwanted = /^npm_|_(API_KEY|MANAGEMENT_KEY|BASE_URL)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.test(name)));
}
