/** Programs of their own, and what is asked of them while they run. */
import { Program } from "../helpers/processes.js";

/** The providers that the long run lives with. */
export const DRIVEN = [
  "estuary",
  "openrouter",
  "cockroach",
  "openai",
  "openaiproject",
  "cloudflare",
  "unleash",
] as const;
export type Driven = (typeof DRIVEN)[number];

/** What the keys are called that were there before. */
export const THERE_BEFORE = "sandbox";

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
  readonly #program: Program;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #asked = 0;

  /** @param program a module for Node, with which `gc()` is there */
  constructor(program: string, args: string[] = []) {
    this.#program = new Program(process.execPath, ["--expose-gc", program, ...args], { messages: true });
    this.#program.child.on("message", ({ id, value, error }: Answer) => {
      if (error === undefined) this.#waiting.get(id)?.resolve(value as never);
      else this.#waiting.get(id)?.reject(new Error(error));
      this.#waiting.delete(id);
    });
    void this.#program.ended.then(() => {
      const error = new Error(`The program ended with ${this.#program.ending}:\n${this.#program.output}`);
      for (const { reject } of this.#waiting.values()) reject(error);
    });
  }

  ask<Name extends keyof Asked & string>(
    name: Name,
    ...[argument]: Parameters<Asked[Name]>
  ): Promise<Awaited<ReturnType<Asked[Name]>>> {
    const question: Question = { id: this.#asked++, name, argument };
    return new Promise((resolve, reject) => {
      this.#waiting.set(question.id, { resolve, reject });
      this.#program.child.send(question);
    });
  }

  async end(): Promise<void> {
    await this.#program.end("SIGKILL");
  }
}
