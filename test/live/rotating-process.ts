/** Rotates the key that a file holds, as a program of a user's would. Killed by whoever started it. */
import { open, readFile, rename } from "node:fs/promises";
import { rotate, unleash, type Secret } from "../../src/index.js";
import { sha256 } from "../../src/sha256.js";

const [baseUrl = "", apiKey = "", file = ""] = process.argv.slice(2);

async function store(secret: Secret): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  const handle = await open(temporary, "w", 0o600);
  await handle.writeFile(secret.reveal());
  await handle.sync();
  await handle.close();
  await rename(temporary, file);
}

const read = () => readFile(file, "utf8");
const id = sha256(await read());
console.log("rotating");
// Whoever starts this program runs one at a time: what is pending was broken off.
await rotate(unleash({ baseUrl, apiKey }), id, { store, read, minAgeMs: 0 });
