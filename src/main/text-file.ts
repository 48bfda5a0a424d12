/** Saves a text where somebody says. */
import path from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import { writeAtomically } from "./atomic-file";

/** The part of Electron's dialog that is needed. */
export interface SaveDialog {
  showSaveDialog(options: {
    readonly title: string;
    readonly defaultPath: string;
    readonly filters: { readonly name: string; readonly extensions: string[] }[];
  }): Promise<{ readonly canceled: boolean; readonly filePath: string }>;
}

/** Asks for a path and writes; one question at a time. */
export class TextFiles {
  readonly #dialog: SaveDialog;
  readonly #folder: string;
  #asking = false;

  /** @param folder - where the question begins. */
  constructor(dialog: SaveDialog, folder: string) {
    this.#dialog = dialog;
    this.#folder = folder;
  }

  /**
   * Asks where to and writes there. The question stands for itself: the windows go on meanwhile.
   *
   * @returns the path; empty when somebody changed their mind, or the signal was aborted before they had decided.
   * @throws ConnectError FAILED_PRECONDITION: another file is being saved; else what the disk said.
   */
  async save(suggestedName: string, text: string, signal: AbortSignal): Promise<string> {
    if (this.#asking) {
      throw new ConnectError("Another file is being saved. Answer that question first.", Code.FailedPrecondition);
    }
    this.#asking = true;
    try {
      const { canceled, filePath } = await this.#dialog.showSaveDialog({
        title: "Save",
        defaultPath: path.join(this.#folder, suggestedName),
        filters: filtersFor(suggestedName),
      });
      // Whoever asked has given up waiting; a file that appears now would surprise them.
      if (canceled || filePath === "" || signal.aborted) return "";
      await writeAtomically(filePath, text).catch((error: unknown) => {
        throw refusalOf(error, filePath);
      });
      return filePath;
    } finally {
      this.#asking = false;
    }
  }
}

function filtersFor(name: string): { name: string; extensions: string[] }[] {
  const extension = path.extname(name).slice(1);
  const all = { name: "All files", extensions: ["*"] };
  return extension === "" ? [all] : [{ name: `${extension.toUpperCase()} files`, extensions: [extension] }, all];
}

const CODES: Readonly<Record<string, Code>> = {
  EACCES: Code.PermissionDenied,
  EPERM: Code.PermissionDenied,
  EROFS: Code.PermissionDenied,
  ENOENT: Code.NotFound,
  ENOSPC: Code.ResourceExhausted,
  EDQUOT: Code.ResourceExhausted,
};

function refusalOf(error: unknown, file: string): ConnectError {
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  return new ConnectError(`${file} could not be written: ${message}`, CODES[code] ?? Code.Internal);
}
