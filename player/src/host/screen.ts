/** Full screen and clipboard, which a frame or a phone may refuse. */

/** `elsewhere`: this window cannot fill the screen itself. */
export function fullScreenSupport(): "available" | "elsewhere" {
  return document.fullscreenEnabled && typeof Element.prototype.requestFullscreen === "function"
    ? "available"
    : "elsewhere";
}

export const isFullScreen = (): boolean =>
  document.fullscreenElement !== null && document.fullscreenElement !== undefined;

/** Answers whether the browser agreed. */
export async function toggleFullScreen(target: HTMLElement): Promise<boolean> {
  try {
    if (isFullScreen()) await document.exitFullscreen();
    else await target.requestFullscreen();
    return true;
  } catch {
    return false;
  }
}

/** Answers whether `text` reached the clipboard. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Opens an address beside this one; a sandbox may refuse, which nobody can ask. */
export function openBeside(url: string): void {
  open(url, "_blank", "noopener");
}

/** The reader's device asks to save data. */
export function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

/** Resolves when somebody looks at this page, which may be at once. */
export function whenVisible(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (document.visibilityState === "visible" || signal.aborted) return resolve();
    const stop = new AbortController();
    const look = () => {
      if (document.visibilityState !== "visible" && !signal.aborted) return;
      stop.abort();
      resolve();
    };
    document.addEventListener("visibilitychange", look, { signal: stop.signal });
    signal.addEventListener("abort", look, { signal: stop.signal });
  });
}
