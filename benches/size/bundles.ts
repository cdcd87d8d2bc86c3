/** The programs of this suite, bundled as a page would load them. */
import { readFile } from "node:fs/promises";
import { bundleForBrowser, gzipped } from "../../tools/size.mjs";
import type { Family } from "../board.ts";
import { fileOf } from "../child.ts";
import { missing, versioned } from "../rival.ts";
import type { Profile } from "./trial.ts";

export interface Program {
  readonly name: string;
  readonly family: Family;
  readonly maker?: string;
}

export const programs: readonly Program[] = [
  { name: "platform", family: "platform" },
  { name: "espalier", family: "espalier" },
  { name: "abort-controller-x", family: "package", maker: "abort-controller-x" },
  { name: "effection", family: "package", maker: "effection" },
  { name: "rxjs", family: "package", maker: "rxjs" },
  { name: "effect", family: "package", maker: "effect" },
];

export const systemOf = ({ name, maker }: Program): string => (name === "platform" ? "by hand, without a library" : maker === undefined ? name : versioned(maker));
export const lackOf = ({ maker }: Program): string | undefined => (maker === undefined ? undefined : missing(maker));

export interface Bundle {
  readonly source: number;
  readonly minified: number;
  readonly gzipped: number;
  readonly profile: Profile;
}

/** A bundle of a program, which can be run. */
export async function bundleOf({ name }: Program): Promise<Bundle> {
  const source = await readFile(fileOf(`programs/${name}.js`, import.meta.url), "utf8");
  // Ours is found by the package's own name, from its own folder.
  const folder = fileOf(name === "espalier" ? "../.." : "..", import.meta.url).replace(/\/$/, "");
  const { code } = await bundleForBrowser(source, folder);
  const { profile } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { readonly profile: Profile };
  return { source: source.length, minified: code.length, gzipped: gzipped(code), profile };
}
