/** A disk that the processes of a simulation share, with as much of Node's functions as the command's journal takes. */
import { constants } from "node:fs";

interface File {
  text: string;
  /** When it was last written, by the disk's own clock, in milliseconds since the epoch. */
  mtimeMs: number;
}

/** What one process does to the disk takes time, and it may be killed before. */
export type Access = <T>(what: string, effect: () => T) => Promise<T>;

export class Disk {
  readonly #files = new Map<string, File>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** `node:fs/promises` as a process has it. */
  for(access: Access) {
    const files = this.#files;
    return {
      mkdir: () => Promise.resolve(),
      access: () => Promise.resolve(),
      readdir: (folder: string) =>
        access("", () =>
          Array.from(files.keys(), (path) => ({ name: path.slice(folder.length + 1), isFile: () => true })),
        ),
      unlink: (path: string) =>
        access(`removes ${path}`, () => {
          if (!files.delete(path)) throw systemError("ENOENT");
        }),
      open: (path: string, flags: string | number) =>
        access(flags === "wx" ? `makes ${path}` : "", () => {
          const there = files.get(path);
          if (flags === "wx" && there) throw systemError("EEXIST");
          if (flags === (constants.O_WRONLY | constants.O_APPEND) && !there) throw systemError("ENOENT");
          // A folder is only opened to be synced.
          if (flags === "r" && !there && path.endsWith(".jsonl")) throw systemError("ENOENT");
          const file = there ?? { text: "", mtimeMs: this.#now() };
          if (flags === "wx") files.set(path, file);
          return this.#handle(file, access);
        }),
    };
  }

  #handle(file: File, access: Access) {
    return {
      appendFile: (text: string) =>
        access(`writes ${text.trim()}`, () => {
          file.text += text;
          file.mtimeMs = this.#now();
        }),
      read: ({ buffer }: { buffer: Buffer }) => access("", () => ({ buffer, bytesRead: buffer.write(file.text) })),
      stat: () => Promise.resolve({ mtimeMs: file.mtimeMs }),
      sync: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
  }
}

export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
