/** OpenAI's own client against the sandbox, as it is served: what it sends is understood, and what it gets it can read. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { serveSandbox } from "../../../src/cli/serve-sandbox.js";
import { createSandbox } from "../../conformance/sandbox.js";
import { run } from "../../helpers/processes.js";

const folder = fileURLToPath(new URL("client/", import.meta.url));

interface Shown {
  id: string;
  name: string;
  created_at: number;
}

interface AdminKeys {
  create(body: object): Promise<Shown & { value: string }>;
  retrieve(id: string): Promise<Shown>;
  list(query: object): AsyncIterable<Shown>;
  delete(id: string): Promise<{ deleted: boolean }>;
}

interface ProjectKeys {
  retrieve(id: string, project: object): Promise<Shown>;
  update(id: string, change: object): Promise<Shown & { expires_at: number }>;
  list(project: string, query: object): AsyncIterable<Shown>;
  delete(id: string, project: object): Promise<{ deleted: boolean }>;
}

interface ServiceAccounts {
  create(project: string, body: object): Promise<Shown & { api_key: Shown & { value: string } }>;
  apiKeys: { create(id: string, body: object): Promise<Shown & { value: string }> };
}

/** As much of the client as is used here. */
interface Client {
  admin: {
    organization: {
      adminAPIKeys: AdminKeys;
      projects: { apiKeys: ProjectKeys; serviceAccounts: ServiceAccounts };
    };
  };
}

beforeAll(() => run("npm", ["ci", "--ignore-scripts"], { cwd: folder, env: process.env }));

async function connected() {
  const sandbox = createSandbox();
  const served = await serveSandbox({ sandbox });
  onTestFinished(() => served.close());
  const { OpenAI } = createRequire(folder)("openai") as { OpenAI: new (options: object) => Client };
  const as = (adminAPIKey: string) =>
    new OpenAI({ adminAPIKey, apiKey: null, baseURL: `${served.url}/openai/v1`, maxRetries: 0 }).admin.organization;
  return { sandbox, as, organization: as(sandbox.credentials.openai) };
}

async function idsOf(list: AsyncIterable<Shown>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of list) ids.push(id);
  return ids;
}

it("creates, lists to the end, reads and deletes admin keys, and tells errors apart", async () => {
  const { sandbox, as, organization } = await connected();
  const { adminAPIKeys } = organization;
  const issued = ["a", "b", "c"].map((name) => sandbox.issue("openai", { name }).id);
  const made = await adminAPIKeys.create({ name: "ci", expires_in_seconds: 60 });
  expect(await idsOf(adminAPIKeys.list({ limit: 2 }))).toEqual([expect.any(String), ...issued, made.id]);
  expect(await as(made.value).adminAPIKeys.retrieve(made.id)).toMatchObject({ id: made.id, name: "ci" });
  expect(await adminAPIKeys.delete(made.id)).toMatchObject({ deleted: true });
  await expect(adminAPIKeys.retrieve(made.id)).rejects.toMatchObject({ status: 404, type: "invalid_request_error" });
  await expect(as(made.value).adminAPIKeys.retrieve(made.id)).rejects.toMatchObject({
    status: 401,
    code: "invalid_api_key",
  });
  await expect(adminAPIKeys.create({ name: "" })).rejects.toMatchObject({ status: 400, param: "name" });
});

it("makes service accounts and their keys, lists, reads, changes and deletes them", async () => {
  const { sandbox, as, organization } = await connected();
  const { apiKeys, serviceAccounts } = organization.projects;
  const { main } = sandbox.openaiProjects;
  const project = { project_id: main };
  const account = await serviceAccounts.create(main, { name: "App" });
  const second = await serviceAccounts.apiKeys.create(account.id, { ...project, name: "ci", scopes: ["api.all.read"] });
  const third = await serviceAccounts.apiKeys.create(account.id, project);
  const ids = [account.api_key.id, second.id, third.id];
  const listed = await idsOf(apiKeys.list(main, { limit: 2, owner_project_access: "any" }));
  expect(listed).toEqual([expect.any(String), ...ids]);
  const changed = await apiKeys.update(second.id, { ...project, expires_in_seconds: 60 });
  expect(changed.expires_at).toBeGreaterThan(second.created_at);
  expect(await apiKeys.delete(second.id, project)).toMatchObject({ deleted: true });
  await expect(apiKeys.retrieve(second.id, project)).rejects.toMatchObject({ status: 404 });
  expect(await apiKeys.retrieve(third.id, project)).toMatchObject({ id: third.id });
  // A key of a project authenticates here and may do nothing; the refusal is a bare text.
  await expect(as(third.value).projects.apiKeys.retrieve(third.id, project)).rejects.toMatchObject({ status: 403 });
  await expect(idsOf(apiKeys.list("proj_nothing", {}))).rejects.toMatchObject({
    status: 404,
    code: "project_not_found",
  });
});
