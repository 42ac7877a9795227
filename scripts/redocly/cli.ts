/** The pinned Redocly CLI as a child process: it has no programmatic interface. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { WarmProcess } from "./warm-process.js";

const folder = dirname(createRequire(import.meta.url).resolve("@redocly/cli/package.json"));

// The box that this version shows on Node 20, and what it says of its progress.
const BANNER = /^\s*[╔║╚].*$|^validating .*$|^.*: validated in .*$/gmu;
const STACK = /^ +at .*\n?/gm;

export interface Ended {
  /** Null if it was killed, or could not be started. */
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

export interface LintResult {
  ok: boolean;
  /** What the linter says of the specs, without its banners; empty where it found nothing. */
  findings: string;
  /** When that began, by `performance.now()`, and how long it took. */
  begun: number;
  ms: number;
}

// Specs like ours are linted sooner than V8 has optimized anything: that would take another half of the time. Without it, one
// as large as GitHub's takes half as long again.
const FLAGS = ["--no-opt"];

/** Lints the apis of a project's redocly.yaml that are named in `args`, or all of them. */
export async function lint(root: string, args: string[] = []): Promise<LintResult> {
  const begun = performance.now();
  const { code, signal, stdout, stderr } = await redocly(root, ["lint", ...args], FLAGS);
  const ok = code === 0;
  // Findings go to stdout, banners to stderr; but so do a broken configuration's and a broken document's own errors.
  const findings = stdout.trim() === "" && !ok ? stderr.replace(BANNER, "").replace(STACK, "") : stdout;
  const killed = code === null ? `The linter ended before it was done${signal === null ? "" : ` (${signal})`}.` : "";
  const said = `${findings.replace(/\n{3,}/g, "\n\n").trim()}\n${killed}`.trim();
  return { ok, findings: said, begun, ms: performance.now() - begun };
}

let warm: WarmProcess | undefined;

/**
 * From now on one process runs all commands; called again, another one. The plugins of a redocly.yaml stay as they were when
 * it first read them. What is given back ends it.
 */
export function keepWarm(): () => void {
  warm?.end();
  const mine = (warm = new WarmProcess(pathToFileURL(join(folder, "lib/index.js")).href, FLAGS, environment()));
  return () => {
    mine.end();
    if (warm === mine) warm = undefined;
  };
}

export function redocly(cwd: string, args: string[], flags: string[] = []): Promise<Ended> {
  if (warm) return warm.run(cwd, args);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...flags, join(folder, "bin/cli.js"), ...args], {
      cwd,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", (error) => resolve({ code: null, signal: null, stdout, stderr: error.message }));
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Neither usage figures nor a look for updates leaves the machine. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
}
