/** Everything that keysmith does with a provider, once: by the library, and by the command. Ends with 1 where it does not work. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../src/cli/program.js";
import { audit, cockroach, estuary, findOrphans, openrouter, rotate, rotateAll, type Secret } from "../../src/index.js";

const serviceAccountId = "1234abcd-1234-1234-abcd-12345678abcd";
// A store that never looks at the secret has stored nothing.
const store = (secret: Secret) => void secret.reveal();

async function byLibrary(): Promise<void> {
  const atEstuary = estuary();
  const first = await atEstuary.create({ name: "ci", expiresIn: "2h" });
  const rotated = await rotate(atEstuary, first.id, { store, overrides: { permissions: "all" } });
  await atEstuary.stats();
  await atEstuary.export();
  audit(await atEstuary.list().toArray());
  await findOrphans(atEstuary);
  await atEstuary.revoke(rotated.new.id);

  const atOpenRouter = openrouter();
  const second = await atOpenRouter.create({ name: "ci", limit: 5 });
  await atOpenRouter.update(second.id, { limit: 6 });
  const [again] = await rotateAll(atOpenRouter, [second.id], { store });
  await atOpenRouter.current();
  audit(await atOpenRouter.list().toArray());
  await findOrphans(atOpenRouter);
  await atOpenRouter.revoke(again?.rotation?.new.id ?? "");

  const atCockroach = cockroach();
  const third = await atCockroach.create({ name: "ci", serviceAccountId });
  await atCockroach.update(third.id, { name: "ci, main branch" });
  const last = await rotate(atCockroach, third.id, { store });
  await atCockroach.get(last.new.id);
  audit(await atCockroach.list({ pageSize: 1 }).toArray());
  await findOrphans(atCockroach);
  await atCockroach.revoke(last.new.id);
}

async function byCommand(folder: string): Promise<void> {
  const keys = cockroach();
  const id = (await keys.create({ name: "command", serviceAccountId })).id;
  const other = (await openrouter().create({ name: "command" })).id;
  const stored = ["--exec", "cat > /dev/null"];
  const commands = [
    { args: ["--help"] },
    { args: ["--version"] },
    { args: ["complete", "bash"] },
    { args: ["spec", "estuary"] },
    { args: ["list", "openrouter"] },
    { args: ["get", "cockroach", id] },
    { args: ["create", "estuary", "--name", "command", "--out", join(folder, "key")] },
    { args: ["update", "openrouter", other, "--limit", "3"] },
    { args: ["rotate", "cockroach", id, ...stored] },
    { args: ["revoke", "openrouter", other, "--yes"] },
    { args: ["orphans"] },
    { args: ["audit"], code: 3 },
    { args: ["current", "openrouter"] },
    { args: ["stats", "estuary"] },
    { args: ["export", "estuary"] },
    { args: ["list", "nobody"], code: 2 },
    { args: ["get", "cockroach", "nothing"], code: 1 },
  ];
  for (const { args, code = 0 } of commands) {
    const ended = await run(args);
    if (ended !== code) throw new Error(`keysmith ${args.join(" ")} ended with ${ended}`);
  }
}

const folder = mkdtempSync(join(tmpdir(), "keysmith-"));
try {
  await byLibrary();
  await byCommand(folder);
} finally {
  rmSync(folder, { recursive: true });
}
