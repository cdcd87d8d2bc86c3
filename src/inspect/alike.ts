/** What makes two names alike: `job 17` and `job 18` are two of one kind. */

/** The name of the kind: `job #`. */
export function kindOfName(name: string): string {
  return name.replace(/\d+(?:[.,:]\d+)*/g, "#");
}
