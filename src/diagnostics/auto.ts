/** What is told to others than the program: to who subscribes, and to who asks by the environment. Loaded with the root entry; while nobody asks, this is all. */
import { createRequire } from "node:module";
import { host } from "#host";
import { offerChannels } from "./channels.ts";

const isAsked = (variable: string): boolean => Boolean(host.variable?.(variable));
/** At once, and not by a promise: what the program starts in its first turn is traced too. */
const load = (module: string): void => void createRequire(import.meta.url)(`${module}${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`);

offerChannels();
if (isAsked("ESPALIER_TRACE")) load("./trace/start");
if (isAsked("ESPALIER_DUMP_SIGNAL")) load("./dump-asked");
