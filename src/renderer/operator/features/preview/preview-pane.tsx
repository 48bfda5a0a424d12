/** The live picture: zoom, pan, regions, vessels over it, saturated pixels. */
import { useRef, useState } from "react";
import { takeSnapshot, viewChanged } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { freed } from "../../../shared/picture/picture-view";
import { sensorScale, visiblePart } from "../../../shared/picture/placement";
import { previewWish } from "../../../shared/picture/preview-wish";
import { ScaleMark } from "../../../shared/picture/scale-mark";
import { useElementSize } from "../../../shared/picture/use-element-size";
import { useLook } from "../../../shared/picture/use-look";
import { useOverlay } from "../../../shared/picture/use-overlay";
import { usePictureSurface } from "../../../shared/picture/use-picture-surface";
import { usePictureView } from "../../../shared/picture/use-picture-view";
import { usePreviewStream } from "../../../shared/picture/use-preview-stream";
import { useShownImage } from "../../../shared/picture/use-shown-image";
import { useShortcut } from "../../../shared/shortcuts";
import { picturesCome } from "../../situation";
import { ConnectionNotice } from "../connection/connection-notice";
import { PictureNews } from "./picture-news";
import type { PictureTool } from "./picture-tool";
import { PreviewBar } from "./preview-bar";
import { PreviewEmpty } from "./preview-empty";
import { RegionLayer } from "./region-layer";
import classes from "./preview.module.css";

export function PreviewPane() {
  const dispatch = useMirrorDispatch();
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useElementSize(holder);
  const { surface, impossible, lost } = usePictureSurface(holder);
  const { image, sink } = useShownImage(surface);
  const controls = usePictureView(holder, canvas, image);
  const overlayFailure = useOverlay(surface);
  const live = useMirror(picturesCome);
  const { automatic, markSaturated, showRegions } = useMirror((state) => state.view);
  const [tool, setTool] = useState<PictureTool>("look");

  const ratio = canvas.devicePixelRatio;
  const view = freed(controls.view, canvas, image ?? canvas);
  const canvasPx = { width: Math.round(canvas.width * ratio), height: Math.round(canvas.height * ratio) };
  const seen = image && visiblePart(view, canvas, image);
  usePreviewStream(previewWish(image, view.scale * ratio, canvasPx, seen), sink);
  useLook(surface, view, canvas);

  const snap = () => void dispatch(takeSnapshot(""));
  const draw = (next: PictureTool) => {
    if (next !== "look") dispatch(viewChanged({ showRegions: true }));
    setTool(next === tool ? "look" : next);
  };
  const group = "Picture";
  useShortcut({ keys: "F", label: "Fit the picture", group, run: controls.fit });
  useShortcut({ keys: "1", label: "One to one, and back to fit", group, run: () => controls.oneToOne() });
  useShortcut({ keys: "+", label: "Zoom in", group, repeats: true, run: controls.zoomIn });
  useShortcut({ keys: "-", label: "Zoom out", group, repeats: true, run: controls.zoomOut });
  useShortcut({ keys: "←↑→↓", label: "Move over the picture when it has the focus", group });
  useShortcut({
    keys: "A",
    label: "Contrast by itself, on and off",
    group,
    run: () => dispatch(viewChanged({ automatic: !automatic })),
  });
  useShortcut({
    keys: "M",
    label: "Mark saturated pixels, on and off",
    group,
    run: () => dispatch(viewChanged({ markSaturated: !markSaturated })),
  });
  useShortcut({ keys: "B", label: "Draw a rectangular region", group, run: () => draw("rectangle") });
  useShortcut({ keys: "E", label: "Draw an elliptic region", group, run: () => draw("ellipse") });
  useShortcut({
    keys: "K",
    label: "Show the regions, on and off",
    group,
    run: () => dispatch(viewChanged({ showRegions: !showRegions })),
  });
  useShortcut({ keys: "S", label: "Save a snapshot", group, run: snap });

  return (
    <section className={classes.pane} aria-label="Picture">
      <div className={classes.stage}>
        <div
          ref={holder}
          className={classes.holder}
          data-stale={!live || undefined}
          role="group"
          aria-label="Live preview"
          aria-roledescription="picture"
          tabIndex={0}
          {...controls.handlers}
        >
          {image && canvas.width > 0 && (
            <RegionLayer view={view} canvas={canvas} image={image} tool={tool} onTool={setTool} />
          )}
        </div>
        {image && <ScaleMark sensorScale={sensorScale(view, image.placement)} />}
        <PreviewEmpty hasPicture={image !== undefined} />
        <PictureNews tool={tool} overlayFailure={overlayFailure} />
        {impossible && (
          <div className={classes.message}>
            <Notice large tone="alarm" title="The picture cannot be drawn here">
              {impossible} Recording is not touched by it. Update the graphics driver, or start the program with
              software drawing (--enable-unsafe-swiftshader).
            </Notice>
          </div>
        )}
        {lost && (
          <div className={classes.message}>
            <Notice large tone="warn" title="The graphics driver was reset">
              The picture comes back by itself. Recording is not touched by it.
            </Notice>
          </div>
        )}
        <ConnectionNotice />
      </div>
      <PreviewBar
        scalePercent={image ? view.scale * ratio * 100 : undefined}
        controls={controls}
        tool={tool}
        onTool={draw}
        onSnapshot={snap}
      />
    </section>
  );
}
