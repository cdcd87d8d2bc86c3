/** What is told to others than the program: to who subscribes, and to who asks by the environment. Loaded with the root entry; while nobody asks, this is all. */
import { createRequire } from "node:module";
import { host } from "#host";
import { offerChannels } from "./channels.ts";

offerChannels();

// At once, and not by a promise: what the program starts in its first turn is traced too.
if (host.variable?.("ESPALIER_TRACE")) createRequire(import.meta.url)(import.meta.url.endsWith(".ts") ? "./trace/start.ts" : "./trace/start.js");
