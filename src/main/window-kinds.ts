/** The kinds of windows: what each may do, how large it is, and how many there may be. */
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { WindowKind } from "../../gen/ts/macroscope/window/v1/window_pb";

/** Previews that may be open at a time. A microscope has nothing more to show, and each page is a process. */
export const MOST_PREVIEWS = 10;

/** The operator's window and the stimulus have their places beside the previews: what an experiment cannot do without is never refused for their sake. */
export const MOST_WINDOWS = MOST_PREVIEWS + 2;

/** A kind's name, which is its page's folder. */
export type WindowName = "operator" | "preview" | "stimulus";

/** A size in device-independent pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What holds for all windows of a kind. */
export interface KindFacts {
  readonly name: WindowName;
  readonly kind: WindowKind;
  /** The most that its connections may be given. */
  readonly role: Role;
  /** Until the page says another, where it may. */
  readonly title: string;
  /** The page says its own title: it knows the region's name. */
  readonly titledByPage: boolean;
  /** Where nothing is remembered. */
  readonly size: Size;
  readonly least: Size;
  /** The page's own ground, so that a dark room sees no white flash. */
  readonly ground: string;
}

const KINDS: readonly KindFacts[] = [
  {
    name: "operator",
    kind: WindowKind.OPERATOR,
    role: Role.OPERATOR,
    title: "Macroscope",
    titledByPage: false,
    size: { width: 1600, height: 1000 },
    least: { width: 1024, height: 640 },
    ground: "#0a0a0a",
  },
  {
    // A picture to be put elsewhere: it looks, and changes nothing.
    name: "preview",
    kind: WindowKind.PREVIEW,
    role: Role.VIEWER,
    title: "Macroscope preview",
    titledByPage: true,
    size: { width: 720, height: 760 },
    least: { width: 320, height: 320 },
    ground: "#0a0a0a",
  },
  {
    // Reports when the display showed what.
    name: "stimulus",
    kind: WindowKind.STIMULUS,
    role: Role.OPERATOR,
    title: "Macroscope stimulus",
    titledByPage: false,
    size: { width: 960, height: 540 },
    least: { width: 320, height: 180 },
    ground: "#bababa",
  },
];

/** The facts of a kind; undefined where the number names none. */
export function factsOf(kind: WindowKind): KindFacts | undefined {
  return KINDS.find((facts) => facts.kind === kind);
}

/** A window's title: that of a region names it. */
export function titleOf(facts: KindFacts, regionId: string): string {
  return regionId === "" ? facts.title : `${facts.title}: ${regionId}`;
}
