/** How a state looks: a shape and a colour, always beside a word. */
import classes from "./tone.module.css";

/** ok: as it should be. busy: on its way. warn: worth a look. alarm: needs a hand now. recording. quiet: nothing there. */
export type Tone = "ok" | "busy" | "warn" | "alarm" | "recording" | "quiet";

/** The shape of a tone; it says the same without colour. */
export function ToneShape({ tone, size = 10 }: { readonly tone: Tone; readonly size?: number }) {
  return (
    <svg
      className={`${classes.shape ?? ""} ${classes[tone] ?? ""}`}
      width={size}
      height={size}
      viewBox="0 0 10 10"
      aria-hidden="true"
    >
      {SHAPES[tone]}
    </svg>
  );
}

const SHAPES: Readonly<Record<Tone, React.ReactNode>> = {
  ok: <circle cx="5" cy="5" r="4" fill="currentColor" />,
  recording: <circle cx="5" cy="5" r="5" fill="currentColor" />,
  busy: (
    <>
      <circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M5 1 A4 4 0 0 1 5 9 Z" fill="currentColor" />
    </>
  ),
  warn: <path d="M5 0.8 L9.6 9.2 L0.4 9.2 Z" fill="currentColor" />,
  alarm: <rect x="0.8" y="0.8" width="8.4" height="8.4" fill="currentColor" />,
  quiet: <circle cx="5" cy="5" r="3.8" fill="none" stroke="currentColor" strokeWidth="1.4" />,
};

/** Class names that colour text like the shape. */
export const toneText: Readonly<Record<Tone, string | undefined>> = {
  ok: classes.ok,
  busy: classes.busy,
  warn: classes.warn,
  alarm: classes.alarm,
  recording: classes.recording,
  quiet: classes.quiet,
};
