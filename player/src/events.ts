/** What the parts of a player tell each other. */

export interface PlayerEvents {
  /** The reader asked for something that counts as one interaction. */
  interact: undefined;
  /** A leaf begins to move. */
  leave: undefined;
  /** Pages lie flat and are what the reader wanted. */
  rest: { readonly page: number; readonly pages: readonly number[]; readonly jumped: boolean };
  /** The zoom or the place on a zoomed page has settled. */
  zoom: { readonly zoom: number };
}
