/**
 * `npm test`: runs these scripts of package.json side by side, all of them to their end. What failed is told last, and nothing
 * more of what passed than how long it took.
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";

interface Step {
  name: string;
  ok: boolean;
  output: string;
}

const { scripts } = JSON.parse(await readFile("package.json", "utf8")) as { scripts: Record<string, string> };

const steps = await Promise.all(process.argv.slice(2).map(run));
const failed = steps.filter(({ ok }) => !ok);
for (const { name, output } of failed) console.error(`\n${"─".repeat(20)} npm run ${name}\n${output.trimEnd()}`);
if (failed.length > 0) {
  console.error(`\n✗ ${failed.length} of ${steps.length} failed: ${failed.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
}

function run(name: string): Promise<Step> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const env = { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: "1" }) };
    // Not by another npm, which would take as long as some of the steps. The programs are on the path of the first one.
    const child = spawn(scripts[name] ?? `npm run ${name}`, { env, shell: true });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    const ended = (ok: boolean): void => {
      console.log(
        `${ok ? "✓" : "✗"} ${name.padEnd(16)} ${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s`,
      );
      resolve({ name, ok, output });
    };
    child.once("error", (error) => {
      output += error.message;
      ended(false);
    });
    child.once("close", (code) => ended(code === 0));
  });
}
