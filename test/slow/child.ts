/** Programs of their own, and what is asked of them while they run. */
import { fork, type ChildProcess } from "node:child_process";

interface Question {
  id: number;
  name: string;
  argument: unknown;
}

interface Answer {
  id: number;
  value?: unknown;
  error?: string;
}

type Handlers = Record<string, (argument: never) => unknown>;

export interface Usage {
  /** Bytes that are still in use. */
  heap: number;
  /** Bytes of the whole process, as the system sees it. */
  resident: number;
  /** Seconds of a core, since the program began. */
  cpu: number;
}

export async function usage(): Promise<Usage> {
  const { user, system } = process.cpuUsage();
  // What waits for a finalizer goes with the next round.
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { heap: process.memoryUsage().heapUsed, resident: process.memoryUsage().rss, cpu: (user + system) / 1e6 };
}

/** Answers whoever started this program, until that has gone. */
export function answer(handlers: Handlers): void {
  process.on("message", ({ id, name, argument }: Question) => {
    void Promise.resolve()
      .then(() => handlers[name]?.(argument as never))
      .then(
        (value): Answer => ({ id, value }),
        (error: unknown): Answer => ({
          id,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
      )
      .then((answer) => process.send?.(answer));
  });
  process.on("disconnect", () => process.exit());
}

export class Child<Asked extends Handlers> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #asked = 0;

  /** @param program a module for Node, with which `gc()` is there */
  constructor(program: string, args: string[] = []) {
    this.#process = fork(program, args, { execArgv: ["--expose-gc"] });
    this.#process.on("message", ({ id, value, error }: Answer) => {
      if (error === undefined) this.#waiting.get(id)?.resolve(value as never);
      else this.#waiting.get(id)?.reject(new Error(error));
      this.#waiting.delete(id);
    });
    this.#process.once("close", (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`The program ended with ${String(code)}.`));
    });
  }

  ask<Name extends keyof Asked & string>(
    name: Name,
    ...[argument]: Parameters<Asked[Name]>
  ): Promise<Awaited<ReturnType<Asked[Name]>>> {
    const question: Question = { id: this.#asked++, name, argument };
    return new Promise((resolve, reject) => {
      this.#waiting.set(question.id, { resolve, reject });
      this.#process.send(question);
    });
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      this.#process.once("close", () => resolve());
      this.#process.kill("SIGKILL");
    });
  }
}
