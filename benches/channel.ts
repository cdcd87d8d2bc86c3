/** Channels of the built package: see `espalier.ts`. */
import { pathToFileURL } from "node:url";

const folder = process.env["ESPALIER_DIST"];
const entry = folder === undefined ? new URL("../dist/channel/index.js", import.meta.url) : pathToFileURL(`${folder}/channel/index.js`);

const channels = (await import(entry.href)) as typeof import("../src/channel/index.ts");

export const channel: typeof channels.channel = channels.channel;
