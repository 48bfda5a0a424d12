/** A tab's storage. */
export class FakeStorage {
  readonly items = new Map<string, string>();
  /** Whether the browser lets nobody use it. */
  shut = false;

  getItem(key: string): string | null {
    this.#check();
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#check();
    this.items.set(key, value);
  }

  removeItem(key: string): void {
    this.#check();
    this.items.delete(key);
  }

  #check(): void {
    if (this.shut) throw new Error("The storage is shut.");
  }
}
