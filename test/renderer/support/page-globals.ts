/** What jsdom lacks and libraries ask for, some of them as soon as they are loaded: import it first. */

const missing = {
  IntersectionObserver: class {
    readonly observe = nothing;
    readonly unobserve = nothing;
    readonly disconnect = nothing;
  },
  ResizeObserver: class {
    readonly observe = nothing;
    readonly unobserve = nothing;
    readonly disconnect = nothing;
  },
  matchMedia: (media: string) => ({ media, matches: false, addEventListener: nothing, removeEventListener: nothing }),
};
function nothing(): void {
  // jsdom lays nothing out, so nothing ever changes.
}
const page = globalThis as unknown as Record<string, unknown>;
for (const [name, value] of Object.entries(missing)) page[name] ??= value;
if (!("scrollIntoView" in Element.prototype)) Object.assign(Element.prototype, { scrollIntoView: nothing });
