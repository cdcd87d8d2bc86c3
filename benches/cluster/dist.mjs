/** The build that is measured. */
import process from "node:process";
import { pathToFileURL } from "node:url";

const folder = process.env["ESPALIER_DIST"];

/** The address of one of its modules. @param {string} path */
export const dist = (path) => (folder === undefined ? new URL(`../../dist/${path}`, import.meta.url) : pathToFileURL(`${folder}/${path}`)).href;
