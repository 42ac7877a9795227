/** What holds for everything that an arbitrary gives: defined once, run with as many cases as a tier has time for. */
import fc from "fast-check";

interface Property {
  title: string;
  /** How many kinds of case there are, all of which are to be tried as often as other properties have cases. */
  kinds: number;
  /** @throws the smallest counterexample found, with the seed and the path that lead to it */
  check: (run: Run) => Promise<void>;
}

interface Run {
  numRuns: number;
  /** When shrinking ends, in milliseconds: what fails tells of it before the test's own time is up. */
  limitMs: number;
  /** Left out, each run tries other cases. With the `path` of a failure, that case alone. */
  seed?: number;
  path?: string;
}

export interface Topic {
  topic: string;
  properties: Property[];
}

interface More<T> {
  /** What is tried first in every run. */
  examples?: T[];
  kinds?: number;
  /** Gives what all cases share, and what ends it. */
  share?: () => Promise<() => Promise<unknown>>;
}

export function property<T>(
  title: string,
  arbitrary: fc.Arbitrary<T>,
  holds: (value: T) => void | Promise<void>,
  { examples = [], kinds = 1, share }: More<NoInfer<T>> = {},
): Property {
  const tested = fc.asyncProperty(arbitrary, async (value) => {
    await holds(value);
  });
  const check = async ({ limitMs, ...run }: Run) => {
    const end = await share?.();
    try {
      await fc.assert(tested, {
        ...run,
        examples: examples.map((value): [T] => [value]),
        includeErrorInReport: true,
        plugins: [fc.interruptAfterTimeLimit(limitMs, { failOnInterrupt: true })],
      });
    } finally {
      await end?.();
    }
  };
  return { title, kinds, check };
}
