/** What the server wrote into the page for the player. */

import { type Manifest, readManifest } from "../core/manifest";

export type HostKind = "page" | "embed";

export interface Bootstrap {
  readonly manifest: Manifest;
  readonly startPage: number;
  readonly host: HostKind;
  /** Where readings are reported; null where nothing is counted. */
  readonly beaconUrl: string | null;
  readonly language: string;
}

/** Reads the bootstrap block. Throws ManifestError or SyntaxError where the page was not made for this player. */
export function readBootstrap(root: Document): Bootstrap {
  const fields = JSON.parse(root.getElementById("bifolio-bootstrap")?.textContent ?? "null");
  const startPage = Number(fields?.startPage);
  return {
    manifest: readManifest(fields?.manifest),
    startPage: Number.isInteger(startPage) && startPage >= 1 ? startPage : 1,
    host: fields.host === "embed" ? "embed" : "page",
    beaconUrl: typeof fields.beaconUrl === "string" ? fields.beaconUrl : null,
    language: typeof fields.language === "string" ? fields.language : "en",
  };
}
