/** The pinned Redocly CLI as a child process: it has no programmatic interface. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const cli = join(dirname(createRequire(import.meta.url).resolve("@redocly/cli/package.json")), "bin/cli.js");

// The box that this version shows on Node 20, and what it says of its progress.
const BANNER = /^\s*[╔║╚].*$|^validating .*$|^.*: validated in .*$/gmu;

export interface LintResult {
  ok: boolean;
  /** What the linter says of the specs, without its banners; empty where it found nothing. */
  findings: string;
}

/** Lints the apis of a project's redocly.yaml that are named in `args`, or all of them. */
export async function lint(root: string, args: string[] = []): Promise<LintResult> {
  const { code, stdout, stderr } = await redocly(root, ["lint", ...args]);
  const ok = code === 0;
  // Findings go to stdout, banners to stderr; but so do a broken configuration's and a broken document's own errors.
  const findings = stdout.trim() === "" && !ok ? stderr.replace(BANNER, "") : stdout;
  return { ok, findings: findings.replace(/\n{3,}/g, "\n\n").trim() };
}

export function redocly(cwd: string, args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd,
      // Neither usage figures nor a look for updates leaves the machine.
      env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
