// Decompresses the package's brotli files into the folder given; tools/chromium.py unpacks the tar files that come out.
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const [source, target] = process.argv.slice(2);
const names = ["chromium", "al2023.tar", "fonts.tar", "swiftshader.tar"];
await Promise.all(
  names.map((name) => pipeline(createReadStream(join(source, `${name}.br`)), createBrotliDecompress(), createWriteStream(join(target, name)))),
);
