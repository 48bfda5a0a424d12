/** Writes a text file so that whoever reads it finds the old text or the new one, whole, whatever happens in between. */
import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";

/** The new text is on the disk when this settles. The folder has to be there. */
export async function writeAtomically(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(text, "utf8");
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
