/** A process that uses the embedded database: notes that there, and tells how many did, until it is told to end. */
import { connectionsTo, databaseOver } from "../../src/fleet/database.js";

const [folder = ""] = process.argv.slice(2);
const database = databaseOver(await connectionsTo({ folder }), undefined);
await database.query("select pg_advisory_xact_lock(1); create table if not exists used (pid integer primary key)");
await database.query("insert into used values ($1) on conflict do nothing", [process.pid]);
process.on("message", (message) => {
  if (message === "end") {
    process.disconnect();
    void database.end();
  } else {
    void database.query("select from used").then((rows) => process.send?.(rows.length));
  }
});
console.log("up");
