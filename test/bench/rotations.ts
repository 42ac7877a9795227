import { atMost, median, times, type Benchmark } from "./benchmark.js";
import { inProcess } from "./processes.js";

export const KEYS = 200;
export const ANSWER_MS = 20;
const CONCURRENCY = 8;
const ROUNDS = 3;

/** In milliseconds from the beginning. */
export interface Rotated {
  ms: number;
  sentAt: number[];
}

export const rotations: Benchmark = {
  name: "rotations",
  how:
    `\`rotateAll\` of ${KEYS} keys in a sandbox each of whose answers takes ${ANSWER_MS} ms. OpenRouter, in real time: ${CONCURRENCY} keys at ` +
    `once (the median of ${ROUNDS} runs) against one at a time. CockroachDB Cloud, on an injected clock: ${CONCURRENCY} at once, against ` +
    "the time that its limit of 10 requests per second leaves for as many requests; the busiest second is sought from each request on.",
  tried:
    "Keys that are in work at once share their lists, and send two thirds of the requests. Whoever asks while a list " +
    "is walked waits for the next one, so that time is paid for requests. Tried: a list for each key, 8 times faster than one " +
    "at a time, and as many requests as that.",
  measure: async () => {
    const alone = await rotate("openrouter", 1);
    const together: number[] = [];
    for (let round = 0; round < ROUNDS; round++) together.push((await rotate("openrouter", CONCURRENCY)).ms);
    const faster = alone.ms / median(together);
    const limited = await rotate("cockroach", CONCURRENCY);
    const shortest = (limited.sentAt.length / 10) * 1_000;
    const seconds = ({ ms, sentAt }: Rotated) =>
      `${sentAt.length.toLocaleString("en")} requests in ${(ms / 1_000).toFixed(1)} s`;
    return [
      {
        what: `openrouter: ${CONCURRENCY} at once, faster than one at a time`,
        figure: times(faster),
        target: `≥ ${times(6)}`,
        met: faster >= 6,
      },
      atMost("cockroach: time, to what the limit allows", limited.ms / shortest, 1.1, times),
      atMost("cockroach: requests in the busiest second", busiestSecond(limited), 10, String),
      { what: "openrouter, one at a time", figure: seconds(alone) },
      { what: `cockroach, ${CONCURRENCY} at once`, figure: seconds(limited) },
    ];
  },
};

function busiestSecond({ sentAt }: Rotated): number {
  return Math.max(...sentAt.map((from) => sentAt.filter((at) => at >= from && at < from + 1_000).length));
}

async function rotate(provider: string, concurrency: number): Promise<Rotated> {
  const flags = ["--disable-warning=ExperimentalWarning"];
  return (await inProcess("test/bench/rotate-process.ts", [provider, String(concurrency)], flags)) as Rotated;
}
