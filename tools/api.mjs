#!/usr/bin/env node
/**
 * The public surface as committed files: api/<subpath>.api.md, one for each subpath of package.json's `exports`, made by
 * API Extractor from the declarations in dist. Every change of a public name or type is a diff that a review sees.
 *
 *   npm run api          writes them (builds first when needed)
 *   node tools/api.mjs   fails with the diff when they are not what dist declares
 *
 * On the way it leaves the model from which tools/docs.mjs writes the reference, in .cache/api/.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { filesBelow, fingerprint, isFresh, recordFresh } from "./bootstrap/freshness.mjs";
import { build, isBuilt } from "./build.mjs";
import { isMain, root } from "./bootstrap/project.mjs";

const committed = join(root, "api");
const cache = join(root, ".cache", "api");

/** @typedef {{ subpath: string, name: string, types: string }} Entry */

/**
 * The subpaths that have types, in the order of the manifest.
 * @param {{ exports: Record<string, unknown> }} manifest
 * @returns {Entry[]}
 */
export function entriesOf(manifest) {
  return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    const types = typeof target === "object" && target !== null && "types" in target ? target.types : undefined;
    if (typeof types !== "string") return [];
    return [{ subpath, name: subpath === "." ? "index" : subpath.slice(2).replaceAll("/", "-"), types }];
  });
}

/** The entries of this package whose declarations exist: a subpath without its file is the package test's business. */
export function entries() {
  return entriesOf(JSON.parse(readFileSync(join(root, "package.json"), "utf8"))).filter(({ types }) => existsSync(join(root, types)));
}

/** @param {string} name */
export const modelFile = (name) => join(cache, `${name}.api.json`);
/** @param {string} name */
const reportFile = (name) => join(cache, `${name}.api.md`);

/**
 * One subpath's report and model. Gives what the extractor complained about.
 * @param {Entry} entry
 * @param {string} [project]
 * @param {string} [into] the folder for both
 * @returns {string[]}
 */
export function extract({ name, types }, project = root, into = cache) {
  const quiet = { logLevel: ExtractorLogLevel.None };
  const loud = { logLevel: ExtractorLogLevel.Error };
  const configuration = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(project, "package.json"),
    configObject: {
      projectFolder: project,
      mainEntryPointFilePath: join(project, types),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: "nodenext",
            moduleResolution: "nodenext",
            target: "es2023",
            lib: ["es2023", "esnext.disposable", "dom"],
            types: [],
            skipLibCheck: true,
          },
          files: [types],
        },
      },
      apiReport: { enabled: true, reportFileName: `${name}.api.md`, reportFolder: into, reportTempFolder: join(into, "temp") },
      docModel: { enabled: true, apiJsonFilePath: join(into, `${name}.api.json`) },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: {
        compilerMessageReporting: { default: loud },
        extractorMessageReporting: { default: loud, "ae-missing-release-tag": quiet, "ae-undocumented": quiet, "ae-unresolved-link": loud },
        tsdocMessageReporting: { default: loud },
      },
    },
  });
  /** @type {string[]} */
  const complaints = [];
  Extractor.invoke(configuration, {
    localBuild: true,
    messageCallback(message) {
      message.handled = true;
      if (message.logLevel !== ExtractorLogLevel.Error) return;
      const place = message.sourceFilePath === undefined ? "" : `${relative(project, message.sourceFilePath)}:${message.sourceFileLine ?? ""} `;
      complaints.push(`${place}${message.text} (${message.messageId})`);
    },
  });
  return complaints;
}

const stamp = ".cache/api/models.json";
const declarations = () => fingerprint(root, filesBelow(root, "dist").filter((file) => file.endsWith(".d.ts")));

/** Whether the models are those of the declarations in dist. */
export const modelsAreFresh = () => isFresh(root, stamp, declarations());

/**
 * Makes the reports and models of all subpaths, without looking at what is committed.
 * @returns {Map<Entry, string[]>} what the extractor complained about
 */
export function extractModels() {
  mkdirSync(cache, { recursive: true });
  const all = entries();
  const complaints = new Map(all.map((entry) => [entry, extract(entry)]));
  recordFresh(root, stamp, declarations(), all.map(({ name }) => relative(root, modelFile(name))));
  return complaints;
}

/**
 * The names that a subpath exports, from its model.
 * @param {Entry} entry
 * @returns {string[]}
 */
function exportedNames({ name }) {
  return JSON.parse(readFileSync(modelFile(name), "utf8")).members[0].members.map((/** @type {{ name: string }} */ member) => member.name);
}

/**
 * Whether a complaint about one subpath is answered by another: a type of the root entry may be used everywhere.
 * @param {string} complaint
 * @param {ReadonlySet<string>} exported every name that some subpath exports
 */
export function isAnsweredElsewhere(complaint, exported) {
  const name = /The symbol "([^"]+)" needs to be exported|does not have an export "([^"]+)"/.exec(complaint);
  return name !== null && exported.has(name[1] ?? name[2] ?? "");
}

/**
 * The difference between two files as a person reads it.
 * @param {string} before
 * @param {string} after
 */
function difference(before, after) {
  const git = spawnSync("git", ["diff", "--no-index", "--no-color", "--unified=2", before, after], { encoding: "utf8", cwd: root });
  return git.error === undefined ? git.stdout.split("\n").slice(4).join("\n") : "(git is not there to show the difference)";
}

/**
 * Makes every report and compares, or writes.
 * @param {{ update: boolean }} options
 * @returns {string[]} findings
 */
function reconcile({ update }) {
  mkdirSync(committed, { recursive: true });
  const all = entries();
  if (all.length === 0) return ["dist has no declarations: run npm run build"];
  const extracted = extractModels();
  const exported = new Set(all.flatMap(exportedNames));
  const findings = [...extracted].flatMap(([entry, texts]) => {
    const complaints = texts.filter((text) => !isAnsweredElsewhere(text, exported)).map((text) => `espalier${entry.subpath.slice(1)}: ${text}`);
    const [made, kept] = [reportFile(entry.name), join(committed, `${entry.name}.api.md`)];
    if (update) copyFileSync(made, kept);
    else if (!existsSync(kept)) complaints.push(`api/${entry.name}.api.md is missing. To accept the surface: npm run api`);
    else if (readFileSync(kept, "utf8") !== readFileSync(made, "utf8")) {
      complaints.push(`api/${entry.name}.api.md is not what dist declares:\n${difference(kept, made)}To accept the change: npm run api`);
    }
    return complaints;
  });
  const known = new Set(all.map(({ name }) => `${name}.api.md`));
  for (const file of readdirSync(committed).filter((name) => !known.has(name))) {
    if (update) rmSync(join(committed, file));
    else findings.push(`api/${file} belongs to no subpath of package.json. To remove it: npm run api`);
  }
  return findings;
}

if (isMain(import.meta.url)) {
  const update = process.argv.includes("--update");
  if (update && !isBuilt()) await build();
  const findings = reconcile({ update });
  for (const finding of findings) console.error(finding);
  if (findings.length > 0) process.exitCode = 1;
  else console.log(`${entries().length} subpaths ${update ? "written" : "as committed"}`);
}
