/** `PATH NAME FIRST LAST`: puts a numbered value after the other into a dotenv file, and tells of each that is there. */
import { dotenvFile } from "../../src/cli/sinks/dotenv-file.js";
import type { ApiKey } from "../../src/index.js";
import { Secret } from "../../src/secret.js";

const [path = "", name = "", first = "", last = ""] = process.argv.slice(2);
const sink = dotenvFile(path, name);
const key: ApiKey = { provider: "openrouter", id: name, name, createdAt: undefined, raw: {} } as unknown as ApiKey;
for (let at = Number(first); at <= Number(last); at++) {
  await sink.store(new Secret(`${name}-${at}`), key);
  process.stdout.write(`${at}\n`);
}
