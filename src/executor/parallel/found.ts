/** The works that are run by others of this folder: found in their workers as any worker finds them. */
import type { Declaration } from "../contract.ts";
import { load } from "../worker/works.ts";

/** What a work is known by. */
export interface Named {
  readonly url: string;
  readonly name: string;
}

const found = new Map<string, Declaration>();

const keyOf = ({ url, name }: Named): string => `${url}#${name}`;

/** Where its module has been loaded for that. */
export const findDeclaration = (named: Named): Declaration | undefined => found.get(keyOf(named));

/** Rejects with why it cannot be run. */
export async function loadDeclaration(named: Named): Promise<Declaration> {
  const { declaration, failure } = await load(named.url, named.name);
  if (declaration === undefined) throw failure;
  found.set(keyOf(named), declaration);
  return declaration;
}
