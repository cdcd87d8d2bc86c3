/** The rows of `npm run bench parallel`, in the order of the report; each is a file of this folder. */
export const rows: readonly string[] = ["matmul", "json"];

export const about = "How much faster several workers are than one, with numbers and without, by threads and by processes; and what a model of it says about sixteen.";
