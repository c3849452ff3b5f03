/** What the server wrote into the page for the player. */

import { type Manifest, readManifest } from "../core/manifest";

export type HostKind = "page" | "embed";

export interface Bootstrap {
  readonly manifest: Manifest;
  /** The page that the server has put into the page. */
  readonly startPage: number;
  /** The page that the address asks for, which the book may not have. */
  readonly askedPage: number;
  readonly host: HostKind;
  /** Where readings are reported; null where nothing is counted. */
  readonly beaconUrl: string | null;
  readonly language: string;
}

/** Reads the bootstrap block. Throws ManifestError or SyntaxError where the page was not made for this player. */
export function readBootstrap(root: Document): Bootstrap {
  const fields = JSON.parse(root.getElementById("bifolio-bootstrap")?.textContent ?? "null");
  const startPage = pageNumber(fields?.startPage, 1);
  return {
    manifest: readManifest(fields?.manifest),
    startPage,
    askedPage: pageNumber(fields?.askedPage, startPage),
    host: fields.host === "embed" ? "embed" : "page",
    beaconUrl: typeof fields.beaconUrl === "string" ? fields.beaconUrl : null,
    language: typeof fields.language === "string" ? fields.language : "en",
  };
}

function pageNumber(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 ? value : otherwise;
}
