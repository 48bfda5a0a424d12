/** The presets: load one, save the settings as one, take one out of the program or into it. */
import { Modal } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { importConfiguration, listPresets, loadPreset } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { bytesText } from "../../../shared/quantity-text";
import { commandHindrance } from "../../authority";
import { CommandNotices } from "../configuration/command-notices";
import { PresetRow } from "./preset-row";
import { SavePreset } from "./save-preset";
import { useExport } from "./use-export";
import classes from "./presets.module.css";

/** A preset has a few thousand. */
const MOST_BYTES = 1_000_000;

export interface PresetsDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function PresetsDialog({ opened, onClose }: PresetsDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Presets"
      size={620}
      lockScroll={false}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Presets onDone={onClose} />
    </Modal>
  );
}

/** What was loaded or imported, and what of it could not be had. */
interface Taken {
  readonly what: string;
  readonly leftOut: readonly string[];
}

function Presets({ onDone }: { readonly onDone: () => void }) {
  const dispatch = useMirrorDispatch();
  const listing = useMirror((state) => state.configuration.presets);
  const current = useMirror((state) => state.configuration.current?.state.presetName ?? "");
  const listError = useMirror((state) => state.commands.listPresets.error);
  const hindrance = useMirror(commandHindrance);
  const [taken, setTaken] = useState<Taken>();
  const [unread, setUnread] = useState("");
  const { exportAs, told } = useExport();
  useEffect(() => {
    void dispatch(listPresets());
  }, [dispatch]);
  const finish = (what: string) => (leftOut: readonly string[]) => {
    if (leftOut.length === 0) onDone();
    else setTaken({ what, leftOut });
  };
  // A refusal stands above the list; there is nothing more to do about it here.
  const refused = () => undefined;
  return (
    <div className={classes.dialog}>
      {taken && (
        <Notice tone="warn" title={`${taken.what} is loaded, without these`} onDismiss={() => setTaken(undefined)}>
          <ul className={classes.leftOut}>
            {taken.leftOut.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </Notice>
      )}
      <CommandNotices command="loadPreset" title="The preset was not loaded" controls={[]} />
      <CommandNotices command="importConfiguration" title="The file was not imported" controls={[]} />
      {unread !== "" && (
        <Notice tone="alarm" title="The file was not imported" onDismiss={() => setUnread("")}>
          {unread}
        </Notice>
      )}
      <CommandNotices command="exportConfiguration" title="Nothing was exported" controls={[]} />
      <CommandNotices command="deletePreset" title="The preset was not deleted" controls={[]} />
      {told && <Notice tone="ok" title={told} />}
      {listError && (
        <Notice tone="alarm" title="The presets could not be listed">
          {listError.message}
        </Notice>
      )}
      {listing === null && !listError && <p className={classes.empty}>The presets are being listed.</p>}
      {listing?.presets.length === 0 && (
        <p className={classes.empty}>There is none yet. Give the settings a name below, and they come here.</p>
      )}
      {listing !== null && listing.presets.length > 0 && (
        <ul className={classes.list} aria-label="Saved presets">
          {listing.presets.map((preset) => (
            <PresetRow
              key={preset.name}
              preset={preset}
              current={preset.name === current}
              locked={hindrance}
              onLoad={() =>
                void dispatch(loadPreset(preset.name))
                  .unwrap()
                  .then(finish(`"${preset.name}"`), refused)
              }
              onExport={() => exportAs(preset.name)}
            />
          ))}
        </ul>
      )}
      <SavePreset key={current} current={current} locked={hindrance} />
      <div className={classes.footer}>
        <span className={classes.directory} title={listing?.directory}>
          {listing?.directory}
        </span>
        <button type="button" className={classes.button} onClick={() => exportAs("")}>
          Export these settings…
        </button>
        <ImportButton
          locked={hindrance}
          onFile={(file) => {
            setUnread("");
            void readPreset(file).then(
              (text) =>
                void dispatch(importConfiguration(text))
                  .unwrap()
                  .then(finish(`"${file.name}"`), refused),
              (error: unknown) => setUnread(error instanceof Error ? error.message : String(error)),
            );
          }}
        />
      </div>
    </div>
  );
}

/** @throws Error with a sentence: it cannot be read, or is far too large for a preset. */
async function readPreset(file: File): Promise<string> {
  if (file.size > MOST_BYTES) throw new Error(`${file.name} is no preset: it has ${bytesText(file.size)}.`);
  try {
    return await file.text();
  } catch (cause) {
    throw new Error(`${file.name} cannot be read. It may have been moved, or not be yours to read.`, { cause });
  }
}

interface ImportButtonProps {
  readonly locked: string | undefined;
  readonly onFile: (file: File) => void;
}

function ImportButton({ locked, onFile }: ImportButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className={classes.button}
        disabled={locked !== undefined}
        title={locked}
        onClick={() => input.current?.click()}
      >
        Import…
      </button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label="Preset file to import"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // The same file may be chosen again after it was put right.
          event.currentTarget.value = "";
          if (file) onFile(file);
        }}
      />
    </>
  );
}
