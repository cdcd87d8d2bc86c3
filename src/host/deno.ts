import type { Host } from "../ports/host.ts";
import { nodeHost } from "./node.ts";

export const host: Host = nodeHost("deno");
