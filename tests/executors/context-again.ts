/** A module that is loaded more than once. */
import { contextVariable } from "espalier/context";

export const again = contextVariable<string>("again", { travels: true });
