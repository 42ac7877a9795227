/** Rotates one key, as a program of a user's would, with a file as its store. Killed by whoever started it. */
import { open, readFile, rename } from "node:fs/promises";
import type { ApiKey, Secret } from "../../src/index.js";
import { names, rotated } from "../helpers/providers.js";

const [provider = "", baseUrl = "", apiKey = "", id = "", file = ""] = process.argv.slice(2);

async function store(secret: Secret, key: ApiKey): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  const handle = await open(temporary, "w", 0o600);
  await handle.writeFile(JSON.stringify({ id: key.id, secret: secret.reveal() }));
  await handle.sync();
  await handle.close();
  await rename(temporary, file);
}

const held = async (of: string) => (JSON.parse(await readFile(file, "utf8")) as { id: string }).id === of;

const options = { apiKey, baseUrl, maxRetries: 0 };
const kept = { store, held };
const name = names.find((one) => one === provider);
if (!name) throw new Error(`There is no provider ${provider}.`);
await rotated(name, options, id, kept);
