/** A small picture of what the animal sees now: from the stimulus window itself or, where that cannot be asked, as the worker has it shown. */
import { useEffect, useMemo, useRef, useState } from "react";
import type { Glass } from "../../../../../gen/ts/macroscope/stimulus/v1/display_pb";
import { barAt, readScene, sweepAxis } from "../../../../stimulus";
import type { StimulusScene } from "../../../../stimulus";
import type { MirrorState } from "../../../../mirror";
import { useMirror, useMirrorStore } from "../../../shared/hooks";
import { DIRECTION_WORDS } from "../run/run-words";
import { Notice } from "../../../shared/notice";
import { workerAnswers } from "../../situation";
import type { WatchGlass } from "./glass-link";
import { paintSchematic } from "./schematic-drawing";
import type { SchematicView } from "./schematic-drawing";
import { stimulusWindowId } from "./stimulus-standing";
import classes from "./stimulus.module.css";

const REDRAW_MS = 50;

/** What stands in a tab that is shut has no effects: then nothing is drawn, and nobody asked. */
export function Schematic({ watchGlass }: { readonly watchGlass: WatchGlass }) {
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  const facts = useMirror((state) => state.stimulus.current?.state.scene);
  const attached = useMirror((state) => state.stimulus.current?.state.attached ?? false);
  const reachable = useMirror((state) => state.windows.served && stimulusWindowId(state) !== undefined);
  const scene = useMemo(() => (facts ? readScene(facts) : undefined), [facts]);
  const { glass, problem } = useGlass(watchGlass, attached && reachable);
  const words = useSchematic(canvas, scene, glass);
  if (!scene?.look) return <p className={classes.note}>The picture comes with the worker's configuration.</p>;
  return (
    <figure className={classes.schematic}>
      <canvas ref={setCanvas} className={classes.canvas} role="img" aria-label={`What the animal sees: ${words}`} />
      <figcaption className={classes.caption}>
        <span>{words}</span>
        <span className={classes.source}>{glass ? "from the stimulus window" : "as the worker asks for it"}</span>
      </figcaption>
      {problem !== "" && <Notice tone="alarm" title={problem} />}
    </figure>
  );
}

/** Draws again and again; gives the state in words, a few times a second at most. */
function useSchematic(
  canvas: HTMLCanvasElement | null,
  scene: StimulusScene | undefined,
  glass: React.RefObject<Glass | undefined> | undefined,
): string {
  const store = useMirrorStore();
  const [words, setWords] = useState("grey");
  useEffect(() => {
    const look = scene?.look;
    if (!canvas || !scene || !look) return;
    const draw = () => {
      const bar = glass?.current ? barOfGlass(glass.current) : askedBar(store.getState(), scene);
      setWords(wordsOf(bar));
      paintSchematic(canvas, { look, bar }, window.devicePixelRatio);
    };
    draw();
    const timer = setInterval(draw, REDRAW_MS);
    return () => clearInterval(timer);
  }, [canvas, scene, glass, store]);
  return words;
}

interface ToldGlass {
  /** Undefined while it cannot be asked. */
  readonly glass: React.RefObject<Glass | undefined> | undefined;
  /** Why nothing can be drawn; empty: it can. */
  readonly problem: string;
}

/** The glass as it is told while it is wanted. Its frames are read, not waited for; a problem is state. */
function useGlass(watchGlass: WatchGlass, wanted: boolean): ToldGlass {
  const newest = useRef<Glass | undefined>(undefined);
  const [told, setTold] = useState(false);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    if (!wanted) return;
    const stop = watchGlass((glass) => {
      newest.current = glass;
      setTold(glass !== undefined);
      setProblem(glass?.problem ?? "");
    });
    return () => {
      stop();
      newest.current = undefined;
      setTold(false);
      setProblem("");
    };
  }, [watchGlass, wanted]);
  return { glass: told ? newest : undefined, problem };
}

function barOfGlass({ angleDeg, direction, reversed }: Glass): SchematicView["bar"] {
  const axis = sweepAxis(direction);
  return axis && angleDeg !== undefined ? { axis, angleDeg, direction, reversed } : undefined;
}

/** The bar as the worker asks for it; a display that has lost its worker is grey. */
function askedBar(state: MirrorState, scene: StimulusScene): SchematicView["bar"] {
  return workerAnswers(state) ? barAt(scene, workerNowNs(state.connection.worker.clock?.offsetMs)) : undefined;
}

/** The worker's clock now; 0 before it is known, when everything is still to come. */
function workerNowNs(offsetMs: number | undefined): bigint {
  return offsetMs === undefined ? 0n : BigInt(Math.round((performance.now() + offsetMs) * 1e6));
}

function wordsOf(bar: SchematicView["bar"]): string {
  if (!bar) return "grey";
  const way = DIRECTION_WORDS[bar.direction as keyof typeof DIRECTION_WORDS].toLowerCase();
  // Whole degrees: it is read, not measured.
  return `bar ${way}, ${bar.axis} ${Math.round(bar.angleDeg)}°`;
}
