/** The rows of `npm run bench jit`, in the order of the report; each is a file of this folder. */
export const rows: readonly string[] = ["matmul", "json", "validation", "dispatch", "handler"];

export const about = "What a compiler is worth: the same programs in V8's interpreter alone, with each of its compilers, and in CPython, with and without its own.";
