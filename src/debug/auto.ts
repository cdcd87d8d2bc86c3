/** Debug mode for whoever asks for it in the environment: `ESPALIER_DEBUG=1`. Loaded with the root entry; without it, this is all. */
import { createRequire } from "node:module";
import { debugging } from "../host/debugging.ts";

// At once, and not by a promise: what the program starts in its first turn is looked at too.
if (debugging) createRequire(import.meta.url)(import.meta.url.endsWith(".ts") ? "./start.ts" : "./start.js");
