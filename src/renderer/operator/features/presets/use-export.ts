/** Writes a preset's file to where the operator says: by the program's own dialog, or as a download in a browser. */
import { useState } from "react";
import { exportConfiguration, saveTextFile } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";

export interface Export {
  /** An empty name is the settings as they are. */
  readonly exportAs: (presetName: string) => void;
  /** What became of the last one. */
  readonly told: string | undefined;
}

export function useExport(): Export {
  const dispatch = useMirrorDispatch();
  const inApplication = useMirror((state) => state.windows.served);
  const [told, setTold] = useState<string>();
  const run = async (presetName: string) => {
    setTold(undefined);
    const { fileName, text } = await dispatch(exportConfiguration(presetName)).unwrap();
    if (!inApplication) {
      download(fileName, text);
      setTold(`${fileName} is with the browser's downloads.`);
      return;
    }
    const path = await dispatch(saveTextFile({ suggestedName: fileName, text })).unwrap();
    if (path !== "") setTold(`Written to ${path}.`);
  };
  return {
    // Refusals stay in the store, where the dialog shows them.
    exportAs: (presetName) => void run(presetName).catch(() => undefined),
    told,
  };
}

function download(fileName: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  // The browser has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
