/** Shows on every display which one it is. */
import type { PlacedDisplay } from "./displays";
import type { Rectangle } from "./placement";

/** Long enough to look from one to the other. */
export const SHOWN_MS = 3000;

/** A window with nothing but a sign. */
export interface Sign {
  destroy(): void;
}

/** Shows a page of ours, which runs no code, without taking the focus. */
export type ShowSign = (bounds: Rectangle, url: string) => Sign;

const SIZE = { width: 460, height: 260 };

/** Shows the numbers for some seconds; asked for again, for as long from then on. */
export class DisplaySigns {
  readonly #show: ShowSign;
  #signs: Sign[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(show: ShowSign) {
    this.#show = show;
  }

  show(displays: readonly PlacedDisplay[]): void {
    this.clear();
    this.#signs = displays.map((display) => this.#show(middleOf(display.bounds), signUrl(display)));
    this.#timer = setTimeout(() => {
      this.clear();
    }, SHOWN_MS);
  }

  clear(): void {
    clearTimeout(this.#timer);
    for (const sign of this.#signs.splice(0)) sign.destroy();
  }
}

function middleOf({ x, y, width, height }: Rectangle): Rectangle {
  const size = { width: Math.min(SIZE.width, width), height: Math.min(SIZE.height, height) };
  return { x: Math.round(x + (width - size.width) / 2), y: Math.round(y + (height - size.height) / 2), ...size };
}

/** The sign as a page within its address: it needs no file, and may do nothing. */
export function signUrl({ facts }: PlacedDisplay): string {
  const { number, label, widthPx, heightPx, refreshRateHz } = facts;
  const size = `${String(widthPx)} × ${String(heightPx)}`;
  const rate = refreshRateHz > 0 ? `, ${String(Math.round(refreshRateHz * 100) / 100)} Hz` : "";
  const html = `<!doctype html><meta charset="utf-8"><title>Display ${String(number)}</title>
<style>body{margin:0;height:100vh;display:grid;place-content:center;text-align:center;background:#101010;color:#b8b8b8;
font:18px system-ui,sans-serif;border:2px solid #4a4a4a;box-sizing:border-box;cursor:default}b{font-size:110px;line-height:1.1;color:#d6d6d6}</style>
<b>${String(number)}</b><span>${escaped(label)}</span><span>${escaped(size + rate)}</span>`;
  return `data:text/html;charset=utf-8,${encodeURIComponent(html)}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
