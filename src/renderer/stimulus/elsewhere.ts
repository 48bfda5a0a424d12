/** What the stimulus page says in a browser, which has no display of its own for the animal and no way to report when it showed what. */

/** Puts a sentence and the way out in place of the canvas. */
export function showElsewhere(page: Document): void {
  const text = (tag: string, content: string) => {
    const element = page.createElement(tag);
    element.textContent = content;
    return element;
  };
  const main = page.createElement("main");
  const way = page.createElement("p");
  const link = page.createElement("a");
  link.href = "../operator/";
  link.textContent = "The operator's page";
  way.append(link, " shows what is on the animal's display.");
  main.append(
    text("h1", "The stimulus is shown by the application"),
    text(
      "p",
      "A browser cannot fill the animal's display, nor tell when it showed which frame. In the application choose the display in the tab Geometry, then press Open stimulus window in the tab Stimulus.",
    ),
    way,
  );
  page.body.className = "elsewhere";
  page.body.replaceChildren(main);
}
