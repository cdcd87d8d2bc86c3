import { host } from "#host";

/**
 * Whether what is dear to know is kept: where things were acquired, and the like. On from the start with `ESPALIER_DEBUG=1`
 * in the environment (anything but an empty value or `0`), where the runtime has one. Off, it costs one check where it is asked.
 */
export let debugging: boolean = isOn(host.variable?.("ESPALIER_DEBUG"));

/** Turns it on or off for what happens from now on. */
export function setDebugging(on: boolean): void {
  debugging = on;
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0";
}
