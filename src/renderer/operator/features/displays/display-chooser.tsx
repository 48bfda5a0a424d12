/** Chooses the display that the animal sees. */
export function DisplayChooser() {
  return null;
}
