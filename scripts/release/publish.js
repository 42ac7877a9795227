// @ts-check
/**
 * `node scripts/release/publish.js <tarball> [options of npm publish]`: publishes the packed package with its provenance, unless
 * the registry has it already. It needs nothing installed, so that where it may publish, nobody else's code runs.
 *
 * Exit codes: 0 it is there, 1 it is not, 2 wrong usage.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const [tarball, ...options] = process.argv.slice(2);
if (tarball === undefined || tarball.startsWith("-")) {
  console.error("usage: node scripts/release/publish.js <tarball> [options of npm publish]");
  process.exitCode = 2;
} else {
  process.exitCode = await publish(resolve(tarball), options).catch((/** @type {unknown} */ error) => {
    console.error(`publish: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  });
}

/**
 * @param {string} file
 * @param {string[]} options
 */
async function publish(file, options) {
  const npm = execFileSync("npm", ["--version"], { encoding: "utf8" }).trim();
  // From that version on it publishes without a token, as a publisher that the registry trusts.
  if (!isAtLeast(npm, [11, 5, 1])) throw new Error(`this is npm ${npm}, and trusted publishing needs 11.5.1 or later.`);
  if (await isPublished(file)) return 0;

  const args = ["publish", file, "--provenance", "--access", "public", ...options];
  if (spawnSync("npm", args, { stdio: "inherit" }).status === 0) return 0;
  // The registry may have been slow to show what an earlier run had published.
  return (await isPublished(file)) ? 0 : 1;
}

/**
 * @param {string} version
 * @param {number[]} least
 */
function isAtLeast(version, least) {
  const numbers = version.split(".").map((part) => parseInt(part, 10));
  const at = least.findIndex((number, index) => number !== numbers[index]);
  return at < 0 || (numbers[at] ?? 0) > (least[at] ?? 0);
}

/**
 * Whether the registry has this very package. Throws where it has another one of that version.
 *
 * @param {string} file
 */
async function isPublished(file) {
  const manifest = parsed(execFileSync("tar", ["-xzOf", file, "package/package.json"], { encoding: "utf8" }));
  const [name, version] = [textAt(manifest, "name"), textAt(manifest, "version")];
  const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  const url = new URL(`${encodeURIComponent(name)}/${version}`, registry.replace(/\/?$/, "/"));
  const response = await fetch(url);
  if (response.status === 404) return false;
  if (!response.ok) throw new Error(`the registry answered ${response.status} to ${url.pathname}. Try again.`);

  const published = textAt(parsed(await response.text()), "dist", "integrity");
  const own = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
  if (published !== own) {
    throw new Error(
      `${name} ${version} is published already, with other content: ${published}, not ${own}. A version cannot be replaced: raise it.`,
    );
  }
  console.log(`${name} ${version} is published already, and is the same.`);
  return true;
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function parsed(text) {
  return JSON.parse(text);
}

/**
 * @param {unknown} node
 * @param {string[]} path
 */
function textAt(node, ...path) {
  let at = node;
  for (const name of path) at = typeof at === "object" && at !== null ? Reflect.get(at, name) : undefined;
  if (typeof at !== "string") throw new Error(`there is no ${path.join(".")} in ${JSON.stringify(node)}.`);
  return at;
}
