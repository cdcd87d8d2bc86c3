/** The rows of `npm run bench size`, in the order of the report; each is a file of this folder. */
export const rows: readonly string[] = ["bundle", "import-time"];

export const about = "What a library costs before it does anything: the bytes of one small program, and the time of an import.";
