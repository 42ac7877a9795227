/** The library as processes of a simulation run it: with a clock, timers and randomness that the simulation has. */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { compileFunction } from "node:vm";
import { build, type Plugin } from "esbuild";
import { systemError, type Disk } from "./files.js";
import type { Due } from "./world.js";

export type Library = typeof import("../../src/index.js") &
  Pick<typeof import("../../src/cli/journal.js"), "fileJournal">;

const ENTRY = 'export * from "./src/index.ts"; export { fileJournal } from "./src/cli/journal.ts";';

/** What a process has of the machine that it runs on. */
export interface Machine {
  /** Milliseconds since the epoch, by its own clock. */
  now: () => number;
  /** Milliseconds, by a clock that nobody sets. */
  elapsed: () => number;
  later: (ms: number, happen: () => void) => Due;
  /** At least 0, less than 1. */
  random: () => number;
  files: ReturnType<Disk["for"]>;
  host: string;
  pid: number;
  /** Whether a process of this number lives on the same host. */
  lives: (pid: number) => boolean;
}

/** A change to a source file, for one build alone: the working tree stays as it is. */
export interface Patch {
  /** From the repository's root. */
  file: string;
  find: string;
  replace: string;
}

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** What of the runtime a program is given in the simulation's own version. */
const GLOBALS = [
  ...["Date", "Math", "performance", "crypto", "setTimeout", "clearTimeout", "setInterval", "clearInterval"],
  ...["process", "require"],
];

/**
 * Bundles the library once; the result starts as many processes of it as are wanted, each with a state of its own.
 *
 * @throws where what a patch looks for is not in its file
 */
export async function program(patches: Patch[] = []) {
  const { outputFiles } = await build({
    absWorkingDir: repository,
    stdin: { contents: ENTRY, resolveDir: repository, loader: "ts" },
    external: ["node:*"],
    bundle: true,
    write: false,
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "node20",
    format: "cjs",
    logLevel: "error",
    plugins: [patching(patches)],
  });
  const text = outputFiles[0]?.text ?? "";
  const run = compileFunction(text, ["module", ...GLOBALS]) as (
    module: { exports: unknown },
    ...globals: unknown[]
  ) => void;
  const idle: Process[] = [];

  class Process {
    readonly library: Library;
    #machine: Machine | undefined;

    constructor() {
      const machine = () => {
        if (!this.#machine) throw new Error("a process that has ended goes on");
        return this.#machine;
      };
      const module = { exports: {} };
      run(
        module,
        // Without arguments, a date is the present.
        new Proxy(Date, {
          construct: (date, given) => Reflect.construct(date, given.length > 0 ? given : [machine().now()]) as Date,
          get: (date, name) => (name === "now" ? () => machine().now() : (Reflect.get(date, name) as unknown)),
        }),
        Object.create(Math, { random: { value: () => machine().random() } }),
        { now: () => machine().elapsed() },
        {
          getRandomValues: (array: Uint8Array | Uint32Array) => {
            for (let i = 0; i < array.length; i++) array[i] = machine().random() * 2 ** 32;
            return array;
          },
          subtle: { digest: (_: string, data: Uint8Array) => Promise.resolve(sha256(data)) },
        },
        (happen: () => void, ms = 0) => machine().later(ms, happen),
        (due?: Due) => {
          if (due) due.cancelled = true;
        },
        (happen: () => void, ms: number) => {
          const interval = { due: undefined as Due | undefined, unref: () => interval };
          const again = () => {
            interval.due = machine().later(ms, again);
            happen();
          };
          interval.due = machine().later(ms, again);
          return interval;
        },
        (interval?: { due: Due }) => {
          if (interval) interval.due.cancelled = true;
        },
        ...node(machine),
      );
      this.library = module.exports as Library;
    }

    on(machine: Machine): this {
      this.#machine = machine;
      return this;
    }

    /**
     * To be told where its world has ended, so that nothing of it goes on: the next process is this one, whose code the
     * runtime has optimized by then. What it may remember are ids, which no other world has.
     */
    end(): void {
      idle.push(this);
    }
  }

  return { start: (machine: Machine) => (idle.pop() ?? new Process()).on(machine) };
}

/** `process` and `require`, as far as the command's journal takes them. */
function node(machine: () => Machine): [process: object, require: (name: string) => unknown] {
  const seen = (pid: number, code: string) => {
    if (!machine().lives(pid)) throw systemError(code);
  };
  const files = Object.fromEntries(
    (["mkdir", "access", "readdir", "unlink", "open"] as const).map((name) => [
      name,
      (...args: Parameters<Machine["files"]["open"]>) => machine().files[name](...args),
    ]),
  );
  const modules: Record<string, unknown> = {
    "node:crypto": { createHash },
    "node:path": path,
    "node:os": { hostname: () => machine().host },
    "node:fs/promises": files,
    "node:fs": {
      constants,
      readlinkSync: () => "pid:[1]",
      // Of a process, when it started: no number is given twice here.
      readFileSync: (path: string) => {
        if (path.endsWith("boot_id")) return machine().host;
        seen(Number(path.split("/")[2]), "ENOENT");
        return `1 (node) ${Array.from({ length: 30 }, (_, index) => index).join(" ")}`;
      },
    },
  };
  const process = {
    platform: "linux",
    get pid() {
      return machine().pid;
    },
    kill: (pid: number) => seen(pid, "ESRCH"),
  };
  return [process, (name) => modules[name]];
}

export type Program = Awaited<ReturnType<typeof program>>;

function sha256(data: Uint8Array): ArrayBuffer {
  return new Uint8Array(createHash("sha256").update(data).digest()).buffer;
}

function patching(patches: Patch[]): Plugin {
  return {
    name: "patches",
    setup(build) {
      const left = new Set(patches);
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        let contents = await readFile(path, "utf8");
        for (const patch of patches.filter(({ file }) => path === repository + file)) {
          if (!contents.includes(patch.find)) continue;
          contents = contents.replace(patch.find, () => patch.replace);
          left.delete(patch);
        }
        return { contents, loader: "ts" };
      });
      build.onEnd(() => {
        for (const { file, find } of left) throw new Error(`${file} has no ${JSON.stringify(find)} to be replaced`);
      });
    },
  };
}
