// Beside our ingest: sharp, making nothing but the three WebP versions, at the same quality and effort. One picture per line read; the
// milliseconds it took are written back, measured here, so that no pipe counts.
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";

const sharp = createRequire(`${process.cwd()}/`)("sharp");
sharp.cache(false); // it would remember the one picture it is given again and again
const SIDES = [1024, 512, 256];

for await (const path of createInterface({ input: process.stdin })) {
  const bytes = await readFile(path);
  const begun = performance.now();
  await Promise.all(SIDES.map((side) => sharp(bytes).resize(side, side, { fit: "inside" }).webp({ quality: 80, effort: 2 }).toBuffer()));
  console.log(performance.now() - begun);
}
