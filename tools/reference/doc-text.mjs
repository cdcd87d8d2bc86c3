/**
 * Doc comments as Markdown: paragraphs and lists keep their lines, links go to headings of the reference.
 */

/** @typedef {import("@microsoft/tsdoc").DocNode} DocNode */
/** @typedef {(name: string) => string | undefined} LinkTarget where a name is described, if it is */

/**
 * @param {DocNode | undefined} node
 * @param {LinkTarget} target
 * @returns {string}
 */
export function docText(node, target) {
  return node === undefined ? "" : inline(node, target).replaceAll(/\n{3,}/g, "\n\n").trim();
}

/**
 * @param {DocNode} node
 * @param {LinkTarget} target
 * @returns {string}
 */
function inline(node, target) {
  const fields = /** @type {any} */ (node);
  switch (node.kind) {
    case "PlainText":
      return fields.text;
    case "SoftBreak":
      return "\n";
    case "CodeSpan":
      return `\`${fields.code}\``;
    case "FencedCode":
      return `\n\`\`\`${fields.language}\n${fields.code.trimEnd()}\n\`\`\`\n`;
    case "EscapedText":
    case "ErrorText":
      return node.kind === "EscapedText" ? fields.encodedText : fields.text;
    case "HtmlStartTag":
    case "HtmlEndTag":
      return fields.emitAsHtml();
    case "LinkTag":
      return link(fields, target);
    case "Paragraph":
      return `${children(node, target)}\n\n`;
    default:
      return children(node, target);
  }
}

/** @param {DocNode} node @param {LinkTarget} target */
const children = (node, target) =>
  node
    .getChildNodes()
    .map((child) => inline(child, target))
    .join("");

/**
 * @param {import("@microsoft/tsdoc").DocLinkTag} tag
 * @param {LinkTarget} target
 */
function link(tag, target) {
  if (tag.urlDestination !== undefined) return `[${tag.linkText ?? tag.urlDestination}](${tag.urlDestination})`;
  const words = tag.codeDestination?.memberReferences.map((reference) => reference.memberIdentifier?.identifier ?? "") ?? [];
  const text = tag.linkText ?? `\`${words.join(".")}\``;
  const place = target(words[0] ?? "");
  return place === undefined ? text : `[${text}](${place})`;
}

/**
 * The first sentence, on one line.
 * @param {string} text
 */
export function firstSentence(text) {
  const line = (text.split("\n\n")[0] ?? "").replaceAll("\n", " ");
  return /^.*?[.!?](?=\s+[A-Z"`(]|$)/.exec(line)?.[0] ?? line;
}
