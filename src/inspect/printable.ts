/** Text of another program, as it may go to a terminal: what would steer that (C0, DEL, C1) is replaced. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "\ufffd");
}
