/** The few forms of Markdown that the reference is written in. */

/** Words of a source comment as Markdown: what the comment means literally stays so; code between backticks stays code. */
export const words = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replace(/[\\*<>[\]]/g, "\\$&")))
    .join("");

/** A span of code. */
export const code = (text: string): string => {
  const fence = text.includes("`") ? "``" : "`";
  return text === "" ? "" : `${fence}${text}${fence}`;
};

/** Whether a line begins a thought of its own: a code such as `NOT_FOUND:`, of which comments of methods list some. */
const beginsWithCode = (line: string): boolean => /^[A-Z]+(_[A-Z]+)+[,:]/.test(line);

/** A comment as one line, for the cell of a table. */
export const inCell = (lines: readonly string[]): string => words(lines.map((line) => line.trim()).join(" "));

/** The first sentence of a comment, for the cell of a table. */
export const firstSentence = (lines: readonly string[]): string => inCell(lines).replace(/(?<=[.!?]) .*$/, "");

/** A comment as paragraphs, each with an empty line behind it. Indented lines are a figure and stay as they are. */
export function prose(lines: readonly string[]): string[] {
  const found: string[] = [];
  let paragraph: string[] = [];
  let figure: string[] = [];
  const close = (): void => {
    if (paragraph.length > 0) found.push(words(paragraph.join(" ")), "");
    if (figure.length > 0) found.push("```text", ...figure.map((line) => line.slice(2)), "```", "");
    paragraph = [];
    figure = [];
  };
  for (const line of lines) {
    const indented = line.startsWith("  ");
    const belongs = indented ? figure.length > 0 : paragraph.length > 0 && !beginsWithCode(line);
    if (line === "" || !belongs) close();
    if (line !== "") (indented ? figure : paragraph).push(line);
  }
  close();
  return found;
}

/**
 * A table without the columns that no row fills.
 *
 * @param heads - of the columns
 * @param rows - their cells, in the same order
 */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const used = heads.map((_, column) => rows.some((row) => (row[column] ?? "") !== ""));
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .filter((_, column) => used[column])
      // Also within code: a table is cut into cells before anything else.
      .map((cell) => cell.replaceAll("|", "\\|"))
      .join(" | ")} |`;
  return [
    line(heads),
    line(heads.map(() => "---")),
    ...rows.map((row) => line(heads.map((_, column) => row[column] ?? ""))),
    "",
  ];
}
