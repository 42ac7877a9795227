/** What a newcomer does by the README: installs the package, makes a key, and has the line that rotates it run every day. */
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { environment } from "../cli/keysmith.js";
import { listen } from "../helpers/loopback.js";
import { Program } from "../helpers/processes.js";
import { exportedBy } from "./outside.js";
import { installFrom, packedWhole, temporaryPackage } from "./temporary-package.js";

/** The README's first screen, and the lines of a shell in it. */
const [screen = ""] = readFileSync("README.md", "utf8").split("\n## ");
const lines = Array.from(screen.matchAll(/^```sh\n([^]*?)^```$/gm), ([, block = ""]) =>
  block.trim().split("\n"),
).flat();
const daily = lines.find((line) => line.includes(" rotate ")) ?? "";
const once = lines.filter((line) => line !== daily);

/** No run sends more. */
const MOST_REQUESTS = 40;
/** Between two uses of the application's key. */
const PAUSE_MS = 20;

let copy: Awaited<ReturnType<typeof temporaryPackage>>;
let elsewhere: string;
let project: string;

beforeAll(async () => {
  copy = await temporaryPackage();
  elsewhere = await mkdtemp(join(tmpdir(), "keysmith-newcomer-"));
  project = join(elsewhere, "project");
  await copy.script("build");
  await mkdir(project);
  expect(once.shift()).toBe("npm install keysmith");
  await installFrom(await packedWhole(copy.root, elsewhere), project);
}, 300_000);
afterAll(() => Promise.all([copy.remove(), rm(elsewhere, { recursive: true })]));

/** A request of a run's at which that is killed: which one, from 1 on, and whether the server has done what it was asked. */
interface Kill {
  at: number;
  when: "before" | "after";
}

/** An application's folder, after the first lines, with a sandbox of the package's own that is reached past a killer. */
async function beginning(shown: readonly string[]) {
  const bin = join(project, "node_modules/.bin");
  const served = [join(bin, "keysmith"), "sandbox", "--port", "0", "--now", "2026-01-01"] as const;
  const env = await exportedBy(new Program(process.execPath, served, { env: environment({}) }));
  const { KEYSMITH_SANDBOX_URL: sandbox = "", OPENROUTER_BASE_URL: providers = "" } = env;
  const dotenv = join(project, ".env");
  await rm(dotenv, { force: true });

  let due: (Kill & { victim: Program; method?: string }) | undefined;
  const between = createServer((incoming, outgoing) => {
    void (async () => {
      const { method = "", url, headers } = incoming;
      const body = method === "GET" ? null : await text(incoming);
      const last = due && (due.at -= 1) === 0 ? due : undefined;
      if (last) last.method = method;
      if (last?.when === "before") return last.victim.child.kill("SIGKILL");
      const { authorization = "", "content-type": type = "" } = headers;
      const answer = await fetch(`${sandbox}${url}`, {
        method,
        headers: { authorization, "content-type": type },
        body,
      });
      if (last) return last.victim.child.kill("SIGKILL");
      const fields = ["content-type", "date"].map((name) => [name, answer.headers.get(name) ?? ""] as const);
      return outgoing.writeHead(answer.status, Object.fromEntries(fields)).end(await answer.text());
    })();
  });
  const { url, close } = await listen(between);
  onTestFinished(close);
  const baseUrl = providers.replace(sandbox, url);
  const path = `${bin}:${process.env["PATH"]}`;
  const variables = environment({ ...env, OPENROUTER_BASE_URL: baseUrl, PATH: path });

  const run = (line: string) => new Program("sh", ["-c", line], { cwd: project, env: variables });
  const seen = new Set<string>();
  /** What the application does: it reads its key, and uses it. */
  const works = async () => {
    const key = parseEnv(await readFile(dotenv, "utf8"))["OPENROUTER_API_KEY"] ?? "";
    seen.add(key);
    const { status } = await fetch(`${providers}/key`, { headers: { authorization: `Bearer ${key}` } });
    expect(status).toBe(200);
  };
  const control = async (route: string, body?: object) => {
    const asked = { method: body ? "POST" : "GET", body: body ? JSON.stringify(body) : null };
    const answer = await fetch(`${sandbox}/_sandbox${route}`, asked);
    expect(answer.status).toBe(200);
  };
  for (const line of shown) {
    // That a new key has neither a limit nor an end is a finding.
    expect(await run(line).ended, line).toMatchObject({ code: line.includes(" audit ") ? 3 : 0 });
  }
  await works();

  return {
    /** The plaintexts that the application has had. */
    seen,
    /** A job that is not started at the same moment every day. */
    pass: (days: number) => control("/clock", { advance: `${days * 24 * 60 + 1}m` }),
    /** Runs the line, while the application works. Gives the method of the request at which it was killed, if it was. */
    day: async (line: string, kill?: Kill): Promise<string | undefined> => {
      await works();
      const program = run(line);
      due = kill && { ...kill, victim: program };
      const running = new AbortController();
      const ending = program.ended.finally(() => running.abort());
      while (!running.signal.aborted) {
        await works();
        // Only so that it leaves the machine to the run, whatever that takes.
        await setTimeout(PAUSE_MS);
      }
      const { code, stderr } = await ending;
      const method = code === null ? due?.method : undefined;
      due = undefined;
      await works();
      if (method === undefined) expect({ code, stderr }).toMatchObject({ code: 0 });
      return method;
    },
    /** The ids of the keys that there are, but for the sandbox's own, without asking the command. */
    keys: async () => {
      const authorization = `Bearer ${env["OPENROUTER_MANAGEMENT_KEY"]}`;
      const answer = await fetch(`${providers}/keys`, { headers: { authorization } });
      const { data } = (await answer.json()) as { data: { hash: string; name: string }[] };
      return data.filter(({ name }) => name !== "sandbox").map(({ hash }) => hash);
    },
  };
}

/** Without npx, which takes a second each time. It takes the place of the shell, so that it is what is killed. */
const asInstalled = (line: string) => `exec ${line.replace(/^npx /, "")}`;
const installed = asInstalled(daily);

describe("the README's first screen, followed to the letter", () => {
  it("rotates once in thirty-one days, on one of which it is killed, and the application's key works at every moment", async () => {
    const { day, pass, seen, keys } = await beginning(once);
    const [first] = await keys();
    expect(await keys()).toHaveLength(1);
    await day(daily);
    const bad = {
      day: 1 + Math.floor(Math.random() * 29),
      at: 1 + Math.floor(Math.random() * 2),
      when: "after" as const,
    };
    for (let at = 1; at < 30; at += 1) {
      await pass(1);
      const method = await day(installed, at === bad.day ? bad : undefined);
      expect(method, JSON.stringify(bad)).toBe(at === bad.day ? "GET" : undefined);
    }
    expect(await keys()).toEqual([first]);
    await pass(1);
    await day(daily);
    expect(await keys()).toHaveLength(2);
    await pass(1);
    await day(installed);
    expect(await keys()).toHaveLength(1);
    expect(await keys()).not.toContain(first);
    expect(seen.size).toBe(2);
  });

  it("heals on the next day where it is killed at any request of the day on which it rotates", async () => {
    const { day, pass, seen, keys } = await beginning(once.map(asInstalled));
    const month = async (kill: Kill) => {
      const said = JSON.stringify(kill);
      const had = seen.size;
      await pass(31);
      const method = await day(installed, kill);
      await pass(1);
      await day(installed);
      expect(seen.size, said).toBe(had + 1);
      await pass(1);
      await day(installed);
      expect(seen.size, said).toBe(had + 1);
      expect(await keys(), said).toHaveLength(1);
      return method;
    };
    const methods: string[] = [];
    while (methods.length < MOST_REQUESTS) {
      const at = methods.length + 1;
      const method = await month({ at, when: "after" });
      if (method === undefined) break;
      methods.push(method);
      // What only reads leaves the same, whether it was done or not.
      if (method !== "GET") await month({ at, when: "before" });
    }
    expect(methods).toContain("POST");
    expect(methods.length).toBeGreaterThan(8);
    expect(methods.length).toBeLessThan(MOST_REQUESTS);
  });
});
