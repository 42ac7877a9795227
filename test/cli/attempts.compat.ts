/** What the options say of attempts, and what is told of them. */
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createSandbox } from "../../src/sandbox/index.js";
import { inProcess } from "./in-process.js";
import { PLAINTEXT, served } from "./keysmith.js";

/** A sandbox whose list fails so often, and asks for no wait. */
const failing = (times: number, retryAfter = 0) =>
  served(
    createSandbox({
      faults: [{ operation: "openrouter.listApiKeys", kind: "status", status: 503, retryAfter, times }],
    }),
  );

describe("--retries", () => {
  it.each([
    { retries: "0", requests: 1, code: 1 },
    { retries: "1", requests: 2, code: 1 },
    { retries: "3", requests: 4, code: 1 },
  ])("$retries makes $requests requests of one that always fails", async ({ retries, requests, code }) => {
    const { sandbox, env } = await failing(99);
    expect(await inProcess(["list", "openrouter", "--retries", retries], { env })).toMatchObject({ code });
    expect(sandbox.requests.filter(({ operation }) => operation === "listApiKeys")).toHaveLength(requests);
  });
});

describe("--timeout", () => {
  it("ends an attempt that takes longer", async () => {
    const { env } = await served(
      createSandbox({ faults: [{ operation: "openrouter.listApiKeys", kind: "hang", when: "before" }] }),
    );
    const { code, stderr } = await inProcess(["list", "openrouter", "--timeout", "50ms", "--retries", "0"], { env });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("no whole answer within 50 ms") as string,
    });
  });
});

describe("--verbose", () => {
  it("tells each attempt, its answer and each wait, and no secret", async () => {
    const { env } = await failing(1);
    const { code, stdout, stderr } = await inProcess(["list", "openrouter", "--verbose", "--json"], { env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toBeInstanceOf(Array);
    expect(stderr.replace(/\d+ ms/g, "N ms")).toMatch(
      /^openrouter listApiKeys: attempt 1, GET \/keys\nopenrouter listApiKeys: 503 after N ms\nopenrouter listApiKeys: tried again in [\d.]+ s \(503\)\nopenrouter listApiKeys: attempt 2, GET \/keys\nopenrouter listApiKeys: 200 after N ms\n/,
    );
    expect(stderr).not.toMatch(PLAINTEXT);
  });

  it("is needed to be told what goes well", async () => {
    const { env } = await failing(1);
    expect(await inProcess(["list", "openrouter", "--json"], { env })).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("a person at a terminal", () => {
  it("is told of a long wait", async () => {
    const { isTTY } = process.stderr;
    onTestFinished(() => void (process.stderr.isTTY = isTTY));
    process.stderr.isTTY = true;
    const { env } = await failing(1, 6);
    vi.useFakeTimers({ toFake: ["setTimeout"], shouldAdvanceTime: true, advanceTimeDelta: 500 });
    onTestFinished(() => void vi.useRealTimers());
    const { code, stderr } = await inProcess(["list", "openrouter"], { env });
    expect(code).toBe(0);
    expect(stderr).toContain("openrouter listApiKeys: tried again in 6 s\n");
  });
});

describe("plain http to another machine", () => {
  it("is refused with what allows it", async () => {
    const { env } = await served();
    const elsewhere = { ...env, OPENROUTER_BASE_URL: "http://sandbox.invalid:4010/openrouter/api/v1" };
    expect(await inProcess(["list", "openrouter"], { env: elsewhere })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("or --allow-insecure is given") as string,
    });
    const allowed = await inProcess(["list", "openrouter", "--allow-insecure", "--retries", "0"], { env: elsewhere });
    expect(allowed).toMatchObject({ code: 1, stderr: expect.stringContaining("sandbox.invalid") as string });
  });
});

describe("what is no figure is said before anything is sent", () => {
  it.each([
    { args: ["--retries", "-1"], want: "--retries" },
    { args: ["--retries", "many"], want: '--retries is "many": give a whole number from 0 to 99' },
    { args: ["--timeout", "30"], want: '--timeout is "30": give a duration' },
  ])("$args", async ({ args, want }) => {
    const { sandbox, env } = await served();
    expect(await inProcess(["list", "openrouter", ...args], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(want) as string,
    });
    expect(sandbox.requests).toEqual([]);
  });
});
