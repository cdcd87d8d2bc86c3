/**
 * The package as a user gets it, in an empty folder: packed, and installed from the archive, or put there as it was built.
 */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The root of the repository. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url));

export interface Manifest {
  readonly version: string;
  readonly bin: Record<string, string>;
  readonly exports: Record<string, string | Record<string, unknown>>;
  readonly imports: Record<string, Record<string, unknown>>;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>;
  readonly optionalDependencies?: Record<string, string>;
}

/** A user's project that depends on the package and on nothing else. */
export interface Project extends Disposable {
  readonly project: string;
  /** Where the package lies in it. */
  readonly folder: string;
  /** Writes a file of the project and gives its path. */
  write(path: string, content: string): string;
  /** Gives the project another package, the one that is installed here. */
  add(name: string): void;
}

export interface InstalledPackage extends Project {
  /** The archive that would be published. */
  readonly archive: string;
  readonly manifest: Manifest;
  /** Its files, as the archive lists them. */
  readonly files: readonly string[];
}

/** A project with the package installed from the archive, by npm: some fifteen seconds of work. */
export async function installPackage(): Promise<InstalledPackage> {
  const made = emptyProject();
  const { project, folder } = made;
  const packed = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", dirname(project)], { cwd: root, maxBuffer: 2 ** 26 });
  const [{ filename, files }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];
  const archive = join(dirname(project), filename);
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", archive], { cwd: project });
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  return { ...made, archive, manifest, files: files.map(({ path }) => path) };
}

/** A project with what was built in its place: for whom the archive, which has tests of its own, makes no difference. */
export function placePackage(): Project {
  const made = emptyProject();
  mkdirSync(made.folder, { recursive: true });
  for (const part of ["package.json", "dist"]) cpSync(join(root, part), join(made.folder, part), { recursive: true });
  return made;
}

function emptyProject(): Project {
  if (!existsSync(join(root, "dist", "index.js"))) throw new Error("dist is not built, so there is nothing to pack. Run: npm run build");
  const base = mkdtempSync(join(tmpdir(), "espalier-package-"));
  const project = join(base, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "name": "user", "version": "1.0.0", "private": true, "type": "module" }\n');
  return {
    project,
    folder: join(project, "node_modules", "espalier"),
    write(path, content) {
      const file = join(project, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    add(name) {
      const place = join(project, "node_modules", name);
      mkdirSync(dirname(place), { recursive: true });
      symlinkSync(join(root, "node_modules", name), place);
    },
    [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }),
  };
}

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end and gives what it printed, also when it failed. */
export async function execute(program: string, args: readonly string[], folder: string): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(program, [...args], { cwd: folder, maxBuffer: 2 ** 26, timeout: 170_000 });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "", message } = error as { code?: unknown; stdout?: string; stderr?: string; message: string };
    // Without a numeric code the program never ran, or did not end by itself.
    return { code: typeof code === "number" ? code : 1, output: stdout + stderr === "" ? message : stdout + stderr };
  }
}
