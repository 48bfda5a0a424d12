/** The live picture: zoom, pan, contrast, saturated pixels. */
import { useEffect, useMemo, useRef, useState } from "react";
import { CameraPhase } from "../../../../../gen/ts/macroscope/camera/v1/camera_pb";
import type { PreviewSink } from "../../../../mirror";
import { useMirror } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { freed, originOf } from "../../../shared/picture/picture-view";
import type { Size } from "../../../shared/picture/picture-view";
import { useShortcut } from "../../../shared/shortcuts";
import { workerAnswers } from "../../situation";
import { ConnectionNotice } from "../connection/connection-notice";
import { PreviewBar } from "./preview-bar";
import { PreviewEmpty } from "./preview-empty";
import { previewWish } from "./preview-wish";
import { useContrast } from "./use-contrast";
import { useElementSize } from "./use-element-size";
import { usePictureSurface } from "./use-picture-surface";
import { usePictureView } from "./use-picture-view";
import { usePreviewStream } from "./use-preview-stream";
import classes from "./preview.module.css";

export function PreviewPane() {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useElementSize(holder);
  const { surface, impossible, lost } = usePictureSurface(holder);
  const [image, setImage] = useState<Size>();
  const contrast = useContrast();
  const [markSaturated, setMarkSaturated] = useState(true);
  const controls = usePictureView(holder, canvas, image);
  const live = useMirror((state) => state.camera.current?.state.phase === CameraPhase.LIVE && workerAnswers(state));

  const { see } = contrast;
  const sink = useMemo<PreviewSink | undefined>(
    () =>
      surface && {
        show: async (frame) => {
          see(frame);
          setImage((before) =>
            before?.width === frame.imageWidthPx && before.height === frame.imageHeightPx
              ? before
              : { width: frame.imageWidthPx, height: frame.imageHeightPx },
          );
          const { widthPx, heightPx, bytesPerPixel, significantBits, binning, imageWidthPx, imageHeightPx, pixels } =
            frame;
          await surface.show({
            widthPx,
            heightPx,
            bytesPerPixel,
            significantBits,
            binning,
            imageWidthPx,
            imageHeightPx,
            pixels,
          });
        },
      },
    [surface, see],
  );

  const ratio = canvas.devicePixelRatio;
  const view = freed(controls.view, canvas, image ?? canvas);
  const canvasPx = { width: Math.round(canvas.width * ratio), height: Math.round(canvas.height * ratio) };
  usePreviewStream(previewWish(image, view.scale * ratio, canvasPx), sink);

  const origin = originOf(view, canvas);
  const { low, high } = contrast.window;
  useEffect(() => {
    if (!surface || canvasPx.width === 0) return;
    surface.look({
      canvasWidthPx: canvasPx.width,
      canvasHeightPx: canvasPx.height,
      originXPx: origin.x * ratio,
      originYPx: origin.y * ratio,
      scale: view.scale * ratio,
      contrast: { low, high },
      markSaturated,
    });
  }, [surface, canvasPx.width, canvasPx.height, origin.x, origin.y, ratio, view.scale, low, high, markSaturated]);

  useShortcut({ keys: "F", label: "Fit the picture", group: "Picture", run: controls.fit });
  useShortcut({ keys: "1", label: "One to one, and back to fit", group: "Picture", run: () => controls.oneToOne() });
  useShortcut({ keys: "+", label: "Zoom in", group: "Picture", run: controls.zoomIn });
  useShortcut({ keys: "-", label: "Zoom out", group: "Picture", run: controls.zoomOut });
  useShortcut({ keys: "←↑→↓", label: "Move over the picture when it has the focus", group: "Picture" });
  useShortcut({
    keys: "A",
    label: "Contrast by itself, on and off",
    group: "Picture",
    run: () => contrast.setAuto(!contrast.auto),
  });
  useShortcut({
    keys: "M",
    label: "Mark saturated pixels, on and off",
    group: "Picture",
    run: () => setMarkSaturated(!markSaturated),
  });

  return (
    <main className={classes.pane}>
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
        />
        <PreviewEmpty hasPicture={image !== undefined} />
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
        contrast={contrast}
        markSaturated={markSaturated}
        onMarkSaturated={setMarkSaturated}
      />
    </main>
  );
}
