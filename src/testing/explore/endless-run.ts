/** A run that goes on and on. */
export class EndlessRun extends Error {
  override readonly name = "EndlessRun";

  constructor(steps: number, tree: string) {
    super(
      `No end after ${steps} steps (option \`steps\`): the program goes round in circles, or is larger than one explores.\n\n${tree.replace(/^/gm, "  ")}`,
    );
  }
}
