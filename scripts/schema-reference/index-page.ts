/** The index of the reference: all packages with all their methods. */
import { commentOf, commentOfFile } from "./comments.ts";
import { firstSentence, table } from "./markdown.ts";
import { type Package, generatedNote } from "./page.ts";

/**
 * @param packages - in the order in which they are listed
 * @param pages - file names of their pages, by package
 */
export function indexPage(packages: readonly Package[], pages: ReadonlyMap<string, string>): string {
  const lines = [
    generatedNote,
    "",
    "# The schema",
    "",
    "Services, messages, enums and options of `proto/`, with their units, rules and comments. [The protocol](../protocol.md) says what lanes, roles and",
    "delivery classes do; [Add a service](../../how-to/add-a-service.md) how one is made.",
    "",
    ...packages.flatMap(({ name, files }) => {
      const page = pages.get(name) ?? "";
      return [
        `## [${name}](${page})`,
        "",
        ...files.flatMap((file) => [firstSentence(commentOfFile(file)), ""]),
        ...files.flatMap((file) =>
          file.services.flatMap((service) =>
            table(
              ["method", "meaning"],
              service.methods.map((method) => [
                `[${service.name}.${method.name}](${page}#${service.name.toLowerCase()}${method.name.toLowerCase()})`,
                firstSentence(commentOf(method)),
              ]),
            ),
          ),
        ),
      ];
    }),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}
