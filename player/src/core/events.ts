/** A typed event map: who listens to what the player does. No DOM. */

export type Listener<T> = (detail: T) => void;

export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** Calls `listener` at each `name` event until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    listeners.add(listener as Listener<never>);
    this.#listeners.set(name, listeners);
    return () => listeners.delete(listener as Listener<never>);
  }

  emit<Name extends keyof Events>(name: Name, detail: Events[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) (listener as Listener<Events[Name]>)(detail);
  }

  clear(): void {
    this.#listeners.clear();
  }
}
