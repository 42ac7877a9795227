import { afterEach, expect, it, vi } from "vitest";
import { oneAtATime } from "../../src/cli/turns.js";
import { NotStoredError } from "../../src/index.js";

afterEach(() => vi.restoreAllMocks());

it("one is begun when the one before has ended, be it with a failure", async () => {
  const take = oneAtATime();
  const said: string[] = [];
  const work = (name: string) => async () => {
    said.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    said.push(`${name} ends`);
    if (name === "a") throw new Error("disk full");
  };
  const turns = await Promise.allSettled([take(work("a")), take(work("b"))]);
  expect(turns.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  expect(said).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

it("one that had to wait until it may be taken for an orphan is not begun", async () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  const take = oneAtATime();
  const first = take(() => Promise.resolve(void now.mockReturnValue(660_000)));
  const second = vi.fn(() => Promise.resolve());
  const turn = take(second);
  await first;
  await expect(turn).rejects.toBeInstanceOf(NotStoredError);
  expect(second).not.toHaveBeenCalled();
});
