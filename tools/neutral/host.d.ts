/**
 * What `#host` stands for here: any implementation of the port, none in particular.
 */
import type { Host } from "../../src/ports/host.ts";

export declare const host: Host;
