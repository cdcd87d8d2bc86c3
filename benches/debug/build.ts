/** The dist folder that is measured. */
import { fileURLToPath } from "node:url";

export const dist: string = process.env["ESPALIER_DIST"] ?? fileURLToPath(new URL("../../dist", import.meta.url));
