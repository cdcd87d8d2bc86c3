/** Says that it runs, and goes on until it is killed. */
setInterval(() => {}, 1_000);
process.send?.("ready");
