/** Files of the package, found from wherever this is bundled to. */
import { readFileSync } from "node:fs";

/** The text of a file of the package, such as `spec/lantern.yaml`. @throws the system's error where there is none. */
export function packageFile(path: string): string {
  return readFileSync(new URL(path, packageRoot().folder), "utf8");
}

export function version(): string {
  return packageRoot().manifest.version;
}

/** Where the package is. */
export function packageFolder(): URL {
  return packageRoot().folder;
}

/** The version of another package that is installed where this one finds it; undefined where none is. */
export function installedVersion(name: string): string | undefined {
  for (let folder = packageRoot().folder; ; folder = new URL("..", folder)) {
    const manifest = manifestIn(new URL(`node_modules/${name}/`, folder));
    if (manifest || folder.pathname === "/") return manifest?.version;
  }
}

interface Manifest {
  name: string;
  version: string;
}

function packageRoot(): { folder: URL; manifest: Manifest } {
  for (let folder = new URL(".", import.meta.url); ; folder = new URL("..", folder)) {
    const manifest = manifestIn(folder);
    if (manifest?.name === "keysmith") return { folder, manifest };
    if (folder.pathname === "/") throw new Error("The package keysmith is not whole: its package.json is missing.");
  }
}

function manifestIn(folder: URL): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}
