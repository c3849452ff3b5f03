// Finishes a build: the style sheets that the server names, compressed neighbours of each file, and assets.json, which names them for the server.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "../../src/bifolio/reader/static/player");
const LARGEST_BYTES = { "player.js.gz": 25 * 1024, "player.css.br": 6 * 1024, "critical.css": 2048 };

/** Style sheets that the server puts into the page, or only where no script runs. */
const SERVED_STYLES = ["critical", "without-script"];

for (const stem of SERVED_STYLES) {
  const css = readFileSync(join(here, `../src/ui/${stem}.css`), "utf8")
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\s+/g, " ")
    .replace(/\s*([{};,])\s*/g, "$1")
    .replace(/: /g, ":")
    .trim();
  const hash = createHash("sha256").update(css).digest("base64url").slice(0, 8);
  writeFileSync(join(output, `${stem}-${hash}.css`), css);
}

const assets = {};
const sizes = {};
for (const file of readdirSync(output).sort()) {
  const bytes = readFileSync(join(output, file));
  const [, stem, extension] = /^(player|critical|without-script)-.{8}\.(js|css)$/.exec(file) ?? [];
  if (stem === undefined) throw new Error(`The build left a file that nobody expects: ${file}`);
  const name = `${stem}.${extension}`;
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const gzip = gzipSync(bytes, { level: 9 });
  writeFileSync(join(output, `${file}.br`), brotli);
  writeFileSync(join(output, `${file}.gz`), gzip);
  assets[name] = file;
  Object.assign(sizes, { [name]: bytes.length, [`${name}.br`]: brotli.length, [`${name}.gz`]: gzip.length });
}
writeFileSync(join(output, "assets.json"), `${JSON.stringify(assets, null, 2)}\n`);
console.table(sizes);
for (const [name, largest] of Object.entries(LARGEST_BYTES)) {
  if (sizes[name] > largest) throw new Error(`${name} has ${sizes[name]} bytes, ${largest} are allowed`);
}
