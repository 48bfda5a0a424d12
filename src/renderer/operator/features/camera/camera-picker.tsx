/** Chooses the live camera, grouped by driver; drivers that cannot work stand below with their reasons. */
import { Combobox, InputBase, useCombobox } from "@mantine/core";
import { commandErrorDismissed, listCameras, selectCamera } from "../../../../mirror";
import type { CameraListing } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { commandHindrance } from "../../authority";
import { chosenCamera, isRecording } from "../../situation";
import classes from "./camera-panel.module.css";

type Camera = CameraListing["cameras"][number];

export function CameraPicker() {
  const dispatch = useMirrorDispatch();
  const listing = useMirror((state) => state.camera.listing);
  const { error: listError, pending: listings } = useMirror((state) => state.commands.listCameras);
  const combobox = useCombobox({
    onDropdownClose: () => combobox.resetSelectedOption(),
    onDropdownOpen: () => {
      // Drivers that take longer than the call may have been found since.
      if (!listing && listings === 0) void dispatch(listCameras({ rescan: false }));
    },
  });
  const live = useMirror(chosenCamera);
  const { pending, error } = useMirror((state) => state.commands.selectCamera);
  const locked = useMirror((state) => (isRecording(state) ? "A recording runs." : commandHindrance(state)));
  const cameras = listing?.cameras ?? [];
  const drivers = [...new Set(cameras.map(({ driver }) => driver))];
  return (
    <div className={classes.picker}>
      <Combobox
        store={combobox}
        withinPortal
        width={320}
        position="bottom-start"
        onOptionSubmit={(id) => {
          combobox.closeDropdown();
          if (id !== live?.id) void dispatch(selectCamera(id));
        }}
      >
        <Combobox.Target targetType="button" withExpandedAttribute>
          <InputBase
            component="button"
            type="button"
            role="combobox"
            aria-label="Camera"
            size="sm"
            pointer
            disabled={locked !== undefined}
            title={locked ?? "Choose the live camera"}
            rightSection={<Combobox.Chevron />}
            rightSectionPointerEvents="none"
            onClick={() => combobox.toggleDropdown()}
            className={classes.pickerTarget}
          >
            {pending > 0 ? "Opening…" : (live?.label ?? "Choose a camera")}
          </InputBase>
        </Combobox.Target>
        <Combobox.Dropdown>
          <Combobox.Options aria-label="Cameras" mah={420} className={classes.options}>
            {drivers.map((driver) => (
              <Combobox.Group key={driver} label={driver}>
                {cameras
                  .filter((camera) => camera.driver === driver)
                  .map((camera) => (
                    <CameraOption key={camera.id} camera={camera} chosen={camera.id === live?.id} />
                  ))}
              </Combobox.Group>
            ))}
            {cameras.length === 0 && (
              <Combobox.Empty>{emptyText(listing, listings > 0 ? undefined : listError?.message)}</Combobox.Empty>
            )}
            {listing?.unavailableDrivers.map(({ driver, reason }) => (
              <Combobox.Group key={driver} label={driver}>
                <Combobox.Option value={`unavailable:${driver}`} disabled className={classes.unavailable}>
                  {reason}
                </Combobox.Option>
              </Combobox.Group>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {error && (
        <Notice
          tone="alarm"
          title="The camera was not opened"
          onDismiss={() => dispatch(commandErrorDismissed("selectCamera"))}
        >
          {error.message}
        </Notice>
      )}
    </div>
  );
}

function CameraOption({ camera, chosen }: { readonly camera: Camera; readonly chosen: boolean }) {
  const detail = [camera.vendor, camera.model, camera.serial].filter(Boolean).join(" · ");
  return (
    <Combobox.Option value={camera.id} selected={chosen} className={classes.option}>
      <span>
        {camera.label}
        {camera.simulated && <span className={classes.simulated}>simulated</span>}
      </span>
      <span className={classes.detail}>{detail}</span>
    </Combobox.Option>
  );
}

/** Why there is no camera to choose. */
function emptyText(listing: CameraListing | null, listError: string | undefined): string {
  if (listing) return "No camera was found. Connect one and rescan.";
  return listError ? `The cameras were not listed: ${listError} Press Rescan.` : "The cameras are being listed.";
}
