/** Loses an error and ends: by itself, or by process.exit. */
import { all } from "espalier";

const failing = async (message: string): Promise<never> => {
  throw new Error(message);
};
await all([() => failing("first"), () => failing("second")]).catch(() => {});
if (process.argv[2] === "exit") process.exit();
