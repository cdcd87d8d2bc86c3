/** Prose broken into lines of at most 100 columns; with a mark, the further lines are indented below the first's text. */

const columns = 100;

export function wrap(text: string, mark = ""): string[] {
  const room = columns - mark.length;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || longer.length <= room) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((text, index) => (index === 0 ? mark : " ".repeat(mark.length)) + text);
}
