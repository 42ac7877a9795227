/** Files of the package, found from wherever this is bundled to. */
import { readFileSync } from "node:fs";

/** The text of a file of the package, such as `spec/lantern.yaml`. @throws the system's error where there is none. */
export function packageFile(path: string): string {
  return readFileSync(new URL(path, packageRoot().folder), "utf8");
}

export function version(): string {
  return packageRoot().version;
}

function packageRoot(): { folder: URL; version: string } {
  for (let folder = new URL(".", import.meta.url); ; folder = new URL("..", folder)) {
    const manifest = manifestIn(folder);
    if (manifest?.name === "keysmith") return { folder, version: manifest.version };
    if (folder.pathname === "/") throw new Error("The package keysmith is not whole: its package.json is missing.");
  }
}

function manifestIn(folder: URL): { name: string; version: string } | undefined {
  try {
    return JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as { name: string; version: string };
  } catch {
    return undefined;
  }
}
