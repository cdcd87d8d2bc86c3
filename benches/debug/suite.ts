/** The rows of `npm run bench debug`, in the order of the table; each is a file of this folder. */
export const rows: readonly string[] = ["tiers", "idle-probe", "off", "attach", "bytes", "page"];

export const about = "What it costs to be told what is wrong: debug mode, a probe, and neither of them.";
