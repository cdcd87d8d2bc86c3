/** The server of `origin.ts`: prints where it is, and lives as long as its standard input is open. */
import { Site } from "../../src/cli/bench/http/server/site.ts";

const site = await Site.open();
process.stdin.on("end", () => process.exit()).resume();
console.log(site.url);
