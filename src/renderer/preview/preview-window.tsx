/** A window with nothing but the picture, or a region of it, and its three figures. */
import { useEffect, useRef, useState } from "react";
import { Provider } from "react-redux";
import { CameraPhase } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { shownRegions } from "../../mirror";
import type { MirrorStore, RegionMirror } from "../../mirror";
import { DarkRoom } from "../shared/dark-room";
import { useMirror, useMirrorStore, useNow } from "../shared/hooks";
import { InstrumentContext } from "../shared/instrument-context";
import type { InstrumentAccess } from "../shared/instrument-context";
import { freed } from "../shared/picture/picture-view";
import { seenRectangle, sensorScale, visiblePart } from "../shared/picture/placement";
import type { PlacedImage } from "../shared/picture/placement";
import { previewWish } from "../shared/picture/preview-wish";
import { RegionOutline } from "../shared/picture/region-outline";
import { ScaleMark } from "../shared/picture/scale-mark";
import { useElementSize } from "../shared/picture/use-element-size";
import { useLook } from "../shared/picture/use-look";
import { useOverlay } from "../shared/picture/use-overlay";
import { usePictureSurface } from "../shared/picture/use-picture-surface";
import { usePictureView } from "../shared/picture/use-picture-view";
import { usePreviewStream } from "../shared/picture/use-preview-stream";
import { useShownImage } from "../shared/picture/use-shown-image";
import { countText, rateText, UNKNOWN } from "../shared/quantity-text";
import { ShortcutProvider, useShortcut } from "../shared/shortcuts";
import { followView } from "./follow-view";
import type { OpenOperatorLink } from "./follow-view";
import { absenceText, isConnected } from "./picture-absence";
import { homeOf } from "./region-home";
import classes from "./preview-window.module.css";

const STALE_AFTER_MS = 2000;

export interface PreviewWindowProps {
  readonly store: MirrorStore;
  readonly instrument: InstrumentAccess;
  /** Empty: the whole image. */
  readonly regionId: string;
  /** Absent in a browser: there is no window to follow. */
  readonly openOperatorLink?: OpenOperatorLink;
  /** The nonce that the page's policy allows style elements with. */
  readonly styleNonce?: string;
  /** "test" leaves out transitions and portals. */
  readonly env?: "default" | "test";
}

export function PreviewWindow(props: PreviewWindowProps) {
  const { store, instrument, regionId, openOperatorLink, styleNonce = "", env = "default" } = props;
  return (
    <Provider store={store}>
      <InstrumentContext value={instrument}>
        <DarkRoom styleNonce={styleNonce} env={env}>
          <ShortcutProvider>
            <Layout regionId={regionId} openOperatorLink={openOperatorLink} />
          </ShortcutProvider>
        </DarkRoom>
      </InstrumentContext>
    </Provider>
  );
}

function Layout({ regionId, openOperatorLink }: Pick<PreviewWindowProps, "regionId" | "openOperatorLink">) {
  const store = useMirrorStore();
  const [following, setFollowing] = useState(true);
  useEffect(
    () => (openOperatorLink ? followView(store, openOperatorLink, setFollowing) : undefined),
    [store, openOperatorLink],
  );
  const region = useMirror((state) => shownRegions(state.regions).find(({ id }) => id === regionId));
  const known = useMirror((state) => state.regions.current !== null);
  const gone = regionId !== "" && known && region === undefined;
  useEffect(() => {
    document.title = region ? `${region.name} – Macroscope` : "Picture – Macroscope";
  }, [region]);
  return (
    <main className={classes.window}>
      <Picture region={region} waits={regionId !== "" && !known} />
      <footer className={classes.foot}>
        <Figures />
        {gone && <span className={classes.warn}>▲ The region was removed; this is the whole image.</span>}
        {!following && (
          <span className={classes.warn}>▲ The operator's window does not answer; contrast stays as it was.</span>
        )}
      </footer>
    </main>
  );
}

function Picture({ region, waits }: { readonly region: RegionMirror | undefined; readonly waits: boolean }) {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useElementSize(holder);
  const { surface, impossible, lost } = usePictureSurface(holder);
  const connected = useMirror(isConnected);
  const absence = useMirror(absenceText);
  const { image, sink } = useShownImage(surface);
  const framed = image && { ...image, home: region && homeOf(region, image) };
  const controls = usePictureView(holder, canvas, framed);
  useOverlay(surface);
  const ratio = canvas.devicePixelRatio;
  const view = freed(controls.view, canvas, framed ?? canvas);
  const canvasPx = { width: Math.round(canvas.width * ratio), height: Math.round(canvas.height * ratio) };
  const seen = image && visiblePart(view, canvas, image);
  usePreviewStream(previewWish(image, view.scale * ratio, canvasPx, seen), sink);
  useLook(surface, view, canvas);
  const group = "Picture";
  useShortcut({ keys: "F", label: "Fit", group, run: controls.fit });
  useShortcut({ keys: "1", label: "One to one, and back to fit", group, run: () => controls.oneToOne() });
  useShortcut({ keys: "+", label: "Zoom in", group, repeats: true, run: controls.zoomIn });
  useShortcut({ keys: "-", label: "Zoom out", group, repeats: true, run: controls.zoomOut });
  return (
    <div className={classes.stage}>
      <div
        ref={holder}
        className={classes.holder}
        role="group"
        aria-label={region ? `Live preview of ${region.name}` : "Live preview"}
        aria-roledescription="picture"
        tabIndex={0}
        {...controls.handlers}
      >
        {image && <Outlines image={image} view={view} canvas={canvas} />}
      </div>
      {image && <ScaleMark sensorScale={sensorScale(view, image.placement)} />}
      {!image && !impossible && (
        <p className={classes.empty}>{waits && connected ? "Looking for the region." : absence}</p>
      )}
      {impossible && <p className={classes.empty}>{impossible} Update the graphics driver.</p>}
      {lost && <p className={classes.empty}>The graphics driver was reset; the picture comes back by itself.</p>}
    </div>
  );
}

interface OutlinesProps {
  readonly image: PlacedImage;
  readonly view: ReturnType<typeof freed>;
  readonly canvas: { readonly width: number; readonly height: number };
}

function Outlines({ image, view, canvas }: OutlinesProps) {
  const shown = useMirror((state) => state.view.showRegions);
  const regions = useMirror((state) => shownRegions(state.regions));
  if (!shown) return null;
  return (
    <svg className={classes.outlines} width={canvas.width} height={canvas.height} aria-hidden="true">
      {regions.map((region) => {
        const place = { x: region.xPx, y: region.yPx, width: region.widthPx, height: region.heightPx };
        return (
          <RegionOutline key={region.id} region={region} seen={seenRectangle(place, view, canvas, image.placement)} />
        );
      })}
    </svg>
  );
}

/** Rate, skipped, saturated; and, where it is so, that the picture stands still. */
function Figures() {
  const nowMs = useNow();
  const figures = useMirror((state) => state.preview.figures);
  const connected = useMirror(isConnected);
  const live = useMirror((state) => state.camera.current?.state.phase === CameraPhase.LIVE);
  const ageMs = figures ? nowMs - figures.receivedAtMs : 0;
  const stale = figures !== null && ageMs > STALE_AFTER_MS;
  return (
    <>
      <span>{figures && !stale ? rateText(figures.shownRateHz) : UNKNOWN}</span>
      <span>{figures ? countText(figures.skipped) : UNKNOWN} skipped</span>
      <span data-some={(figures?.saturatedPx ?? 0) > 0 ? true : undefined} className={classes.saturated}>
        {figures ? countText(figures.saturatedPx) : UNKNOWN} px saturated
      </span>
      {stale && <span className={classes.warn}>▲ picture of {Math.round(ageMs / 1000)} s ago</span>}
      {!connected && <span className={classes.warn}>▲ no connection to the worker</span>}
      {connected && !live && !stale && <span className={classes.warn}>▲ no live camera</span>}
    </>
  );
}
