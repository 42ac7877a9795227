/** What the project looked like at another commit. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export class GitError extends Error {
  override readonly name = "GitError";
}

/** The tag of the last release other than `except`, or undefined if there has been none. */
export async function lastReleaseTag(root: string, except?: string): Promise<string | undefined> {
  const others = except === undefined ? [] : [`--exclude=${except}`];
  const describe = ["describe", "--tags", "--abbrev=0", "--match=v[0-9]*", ...others];
  const tag = await git(root, describe).catch((error: unknown) => {
    if (error instanceof GitError) return undefined;
    throw error;
  });
  if (tag !== undefined) return tag.trim();
  // Also throws outside of a repository. A clone without its history would pass for a project without releases.
  const shallow = await git(root, ["rev-parse", "--is-shallow-repository"]);
  if (shallow.trim() === "true") {
    throw new GitError("this clone is shallow, so its release tags may be missing: fetch its history");
  }
  return undefined;
}

/** @throws GitError if there is no such commit */
export async function requireCommit(root: string, ref: string): Promise<void> {
  await git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]).catch(() => {
    throw new GitError(`no commit is called ${ref}`);
  });
}

/** Paths are relative to the project's root, at both commits. */
export async function filesAt(root: string, ref: string, folder: string): Promise<string[]> {
  const list = await git(root, ["ls-tree", "-r", "-z", "--name-only", ref, "--", folder]);
  return list.split("\0").filter((file) => file !== "");
}

export async function textAt(root: string, ref: string, file: string): Promise<string | undefined> {
  const [found] = await filesAt(root, ref, file);
  return found === file ? await git(root, ["show", `${ref}:./${file}`]) : undefined;
}

async function git(root: string, args: string[]): Promise<string> {
  try {
    return (await run("git", args, { cwd: root, maxBuffer: 64 * 2 ** 20 })).stdout;
  } catch (error) {
    const stderr = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const problem = missing ? "no git is found: install it" : `git ${args[0] ?? ""} failed`;
    throw new GitError(stderr.trim() || problem, { cause: error });
  }
}
