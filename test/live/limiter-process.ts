/** One of several machines that send requests below a limit which all of them share, for some seconds. */
import { connectionsTo, databaseOver, prepared } from "../../src/fleet/database.js";
import { limited } from "../../src/fleet/limiter.js";

const [url = "", server = "", requests = "", ms = ""] = process.argv.slice(2);
const database = databaseOver(await connectionsTo(url), undefined);
await prepared(database);
const limit = await limited(database, `of ${requests}`, { requests: Number(requests), seconds: 1 });
const { beforeAttempt, fetch: send } = limit({});
const end = performance.now() + Number(ms);
const lane = async () => {
  while (performance.now() < end) {
    await beforeAttempt?.(undefined);
    const request = { method: "GET", headers: new Headers(), body: null, redirect: "manual" } as const;
    // A connection that the server has given up while it was idle is no matter here.
    await send?.(server, request).then(
      (answer) => answer.text(),
      () => undefined,
    );
  }
};
await Promise.all(Array.from({ length: 8 }, lane));
await database.end();
