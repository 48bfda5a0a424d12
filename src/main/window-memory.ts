/** What is remembered of windows from one start of the program to the next: their places, and the stimulus display. A JSON file in the user's data. */
import { readFile } from "node:fs/promises";
import { writeAtomically } from "./atomic-file";
import type { Placement, Rectangle } from "./placement";

/** A window that is dragged changes its place many times a second. */
const WRITE_AFTER_MS = 500;
/** Regions come and go; the places of those looked at longest ago are forgotten. */
const MOST_PLACEMENTS = 100;

interface Remembered {
  readonly placements: Readonly<Record<string, Placement>>;
  readonly stimulusDisplay: string;
}

/** Whoever made it flushes it at the end. */
export class WindowMemory {
  readonly #file: string;
  readonly #placements: Map<string, Placement>;
  #stimulusDisplay: string;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #writes = 0;

  private constructor(file: string, { placements, stimulusDisplay }: Remembered) {
    this.#file = file;
    this.#placements = new Map(Object.entries(placements));
    this.#stimulusDisplay = stimulusDisplay;
  }

  /** Reads the file. One that is missing or broken is as good as an empty one: windows then stand where they stood at first. */
  static async read(file: string): Promise<WindowMemory> {
    const text = await readFile(file, "utf8").catch(() => "{}");
    return new WindowMemory(file, readRemembered(text));
  }

  /** Display id; empty: none was chosen. */
  get stimulusDisplay(): string {
    return this.#stimulusDisplay;
  }

  setStimulusDisplay(id: string): void {
    if (id === this.#stimulusDisplay) return;
    this.#stimulusDisplay = id;
    this.#writeSoon();
  }

  placement(key: string): Placement | undefined {
    return this.#placements.get(key);
  }

  setPlacement(key: string, placement: Placement): void {
    if (sameplace(this.#placements.get(key), placement)) return;
    // The last one that was set is the last one in the file.
    this.#placements.delete(key);
    this.#placements.set(key, placement);
    for (const oldest of this.#placements.keys()) {
      if (this.#placements.size <= MOST_PLACEMENTS) break;
      this.#placements.delete(oldest);
    }
    this.#writeSoon();
  }

  /** Settles when everything is written; it never fails. */
  async flush(): Promise<void> {
    if (this.#timer !== undefined) this.#write();
    await this.#writing;
  }

  /** Whether everything is written. */
  get settled(): boolean {
    return this.#timer === undefined && this.#writes === 0;
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#write();
    }, WRITE_AFTER_MS);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const remembered: Remembered = {
      placements: Object.fromEntries(this.#placements),
      stimulusDisplay: this.#stimulusDisplay,
    };
    this.#writes += 1;
    this.#writing = this.#writing
      .then(() => writeAtomically(this.#file, `${JSON.stringify(remembered, null, 2)}\n`))
      .catch((error: unknown) => {
        console.error(`The windows' places could not be written: ${String(error)}`);
      })
      .finally(() => {
        this.#writes -= 1;
      });
  }
}

function sameplace(one: Placement | undefined, other: Placement): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Takes from the text what is in order, and leaves the rest. */
export function readRemembered(text: string): Remembered {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    data = {};
  }
  const { placements, stimulusDisplay } = fieldsOf(data);
  const kept = Object.entries(fieldsOf(placements)).flatMap(([key, value]): [string, Placement][] => {
    const { bounds, maximized } = fieldsOf(value);
    const rectangle = readRectangle(bounds);
    return rectangle ? [[key, { bounds: rectangle, maximized: maximized === true }]] : [];
  });
  return {
    placements: Object.fromEntries(kept),
    stimulusDisplay: typeof stimulusDisplay === "string" ? stimulusDisplay : "",
  };
}

function readRectangle(value: unknown): Rectangle | undefined {
  const { x, y, width, height } = fieldsOf(value);
  if (!isPixels(x) || !isPixels(y) || !isPixels(width) || !isPixels(height)) return undefined;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/** Whole numbers that a desktop may have; Electron throws at others. */
function isPixels(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) < 100_000;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
