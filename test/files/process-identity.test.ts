/** Who is dead may be robbed of a lock or of an entry in a journal. So nobody is taken for dead who may be alive. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { isIdentity, ownIdentity, runs } from "../../src/files/process-identity.js";

const own = ownIdentity();
const ended = spawnSync(process.execPath, ["-e", ""]).pid;
const refusedWith = (code: string) => () => {
  throw Object.assign(new Error(`kill ${code}`), { code });
};

describe("a process", () => {
  it.each<{ given: string; want: boolean | undefined; is: Partial<typeof own>; kill?: () => never }>([
    { given: "that nobody hears of any more is dead", is: { pid: ended }, want: false },
    {
      given: "that nobody hears of any more is dead, whenever it began",
      is: { pid: ended, started: null },
      want: false,
    },
    {
      given: "that runs lives, if nothing tells when it began, or another one does",
      is: { started: null },
      want: undefined,
    },
    { given: "of another machine may live", is: { pid: ended, machine: "elsewhere" }, want: undefined },
    ...(process.platform === "linux"
      ? [
          { given: "that runs lives", is: {}, want: true },
          { given: "that has the number of an earlier one is not that one", is: { started: "1" }, want: false },
          {
            given: "of another machine of that name, or from before it was started again, may live",
            is: { pid: ended, machine: own.machine.replace(/[\da-f]{8}-[-\da-f]+/, (id) => id.replace(/./g, "0")) },
            want: undefined,
          },
          // As /proc is where it was mounted with hidepid.
          {
            given: "of another user that /proc does not show may live",
            is: { pid: ended },
            kill: refusedWith("EPERM"),
            want: undefined,
          },
          { given: "of another user that /proc shows lives", is: {}, kill: refusedWith("EPERM"), want: true },
        ]
      : []),
  ])("$given", ({ is, kill, want }) => {
    if (kill) vi.spyOn(process, "kill").mockImplementation(kill);
    expect(runs({ ...own, ...is })).toBe(want);
  });

  it.runIf(process.platform === "linux").each(["node", "a) Z 1 (b", ") X", "Z"])(
    "lives, whatever it is called: %s",
    async (name) => {
      const program = `process.title = ${JSON.stringify(name)}; console.log(); setTimeout(() => {}, 60_000);`;
      const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "ignore"] });
      onTestFinished(() => void child.kill());
      await once(child.stdout, "data");
      const text = readFileSync(`/proc/${String(child.pid)}/stat`, "utf8");
      expect(text).toContain(`(${name})`);
      const [, started = ""] = /\) \w(?: -?\d+){18} (\d+)[ \d-]+\n$/.exec(text) ?? [];
      const { pid = 0 } = child;
      expect(runs({ ...own, pid, started })).toBe(true);
      expect(runs({ ...own, pid, started: `${started}0` })).toBe(false);
    },
  );

  it.each<{ given: unknown; want: boolean }>([
    { given: own, want: true },
    { given: { ...own, started: null }, want: true },
    { given: { ...own, started: 1 }, want: false },
    { given: { ...own, machine: undefined }, want: false },
    { given: { ...own, pid: "1" }, want: false },
    { given: { ...own, pid: 0.5 }, want: false },
    { given: null, want: false },
    { given: [], want: false },
  ])("is told by all that tells it: $given", ({ given, want }) => {
    expect(isIdentity(given)).toBe(want);
  });
});
