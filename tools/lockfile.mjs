/**
 * The lock file, complete for every platform and free of addresses.
 *
 * A package with native parts names one optional dependency per platform. npm writes only those into the lock file whose
 * manifests it could read at the time; `npm ci` of a later npm then refuses the whole file ("Missing … from lock file").
 * So each optional dependency that is pinned exactly gets an entry, with the platform its name states. An entry made here
 * has no integrity hash: npm verifies it where it has seen the package itself, and installs it only on that platform.
 *
 *   node tools/lockfile.mjs           fails when an entry is missing or an address got in
 *   node tools/lockfile.mjs --update  writes them
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @typedef {{ version?: string, resolved?: string, link?: boolean, dev?: boolean, optionalDependencies?: Record<string, string> }} LockEntry */
/** @typedef {{ packages: Record<string, LockEntry> }} LockFile */

const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

/**
 * The platform that a package's name states (`@rolldown/binding-linux-x64-musl`), as npm's `os`, `cpu` and `libc` fields.
 * @param {string} name
 */
export function platformOf(name) {
  const words = name.slice(name.indexOf("/") + 1).split("-");
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  const abi = words.find((word) => word.startsWith("gnu") || word.startsWith("musl"));
  if (cpu === undefined) return undefined;
  return {
    ...(os === "linux" && abi !== undefined ? { libc: [abi.startsWith("musl") ? "musl" : "glibc"] } : {}),
    cpu: [cpu],
    ...(os === undefined ? {} : { os: [os] }),
  };
}

/**
 * The places where Node looks for a dependency of the package installed at `path`, nearest first.
 * @param {string} path
 * @param {string} name
 */
function lookups(path, name) {
  const places = [];
  for (let at = path; ; at = at.slice(0, Math.max(at.lastIndexOf("/node_modules/"), 0))) {
    places.push(at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`);
    if (at === "") return places;
  }
}

/**
 * The entries that the lock file lacks, by path.
 * @param {LockFile} lock
 * @returns {Map<string, object>}
 */
export function missingEntries(lock) {
  const missing = new Map();
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (lookups(path, name).some((place) => place in lock.packages)) continue;
      const version = /^=?(\d+\.\d+\.\d+[^\s|]*)$/.exec(range)?.[1];
      const platform = platformOf(name);
      if (version === undefined || platform === undefined) continue;
      missing.set(`node_modules/${name}`, { version, ...(entry.dev === true ? { dev: true } : {}), optional: true, ...platform });
    }
  }
  return missing;
}

/**
 * Paths of entries that name where they were downloaded from: that is the business of whoever installs.
 * @param {LockFile} lock
 */
export function addressed(lock) {
  return Object.entries(lock.packages)
    .filter(([, entry]) => entry.resolved !== undefined && entry.link !== true)
    .map(([path]) => path);
}

/**
 * The lock file with its missing entries, in npm's order.
 * @template {LockFile} L
 * @param {L} lock
 * @returns {L}
 */
export function completed(lock) {
  const entries = [...Object.entries(lock.packages), ...missingEntries(lock)].map(([path, entry]) => {
    const { resolved, ...rest } = /** @type {LockEntry} */ (entry);
    return /** @type {const} */ ([path, rest.link === true ? { resolved, ...rest } : rest]);
  });
  entries.sort(([a], [b]) => a.localeCompare(b, "en"));
  return { ...lock, packages: Object.fromEntries(entries) };
}

function main() {
  const file = fileURLToPath(new URL("../package-lock.json", import.meta.url));
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const missing = missingEntries(lock);
  const addresses = addressed(lock);
  if (process.argv.includes("--update")) {
    if (missing.size + addresses.length > 0) writeFileSync(file, `${JSON.stringify(completed(lock), undefined, 2)}\n`);
    console.log(`package-lock.json: ${missing.size} entries added, ${addresses.length} addresses removed`);
    return;
  }
  for (const path of missing.keys()) console.error(`package-lock.json has no entry for ${path}, an optional dependency: npm ci will refuse it`);
  for (const path of addresses) console.error(`package-lock.json says where ${path} was downloaded from`);
  if (missing.size + addresses.length > 0) {
    console.error("Run: node tools/lockfile.mjs --update");
    process.exitCode = 1;
  } else console.log(`package-lock.json: ${Object.keys(lock.packages).length} entries, complete`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
