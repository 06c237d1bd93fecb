// Where an overlay lies on a picture, and how its text is set: the numbers and the reckoning of pixelstudio/imaging/overlay.py and printing.py.
export const PLACES = ["top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"];
export const MARGIN = 0.04;
export const LINE = 1.2;
export const BASE = 0.95;
export const WEIGHT = 600;

// The middle and the sides before it is turned, in the picture's pixels; `ratio` is its own height by its width.
export const boxOf = ({ place, size, rotation }, width, height, ratio) => {
  const across = Math.min((width * size) / 100, height / ratio);
  const down = across * ratio;
  const turn = (rotation * Math.PI) / 180;
  const [c, s] = [Math.abs(Math.cos(turn)), Math.abs(Math.sin(turn))];
  const at = PLACES.indexOf(place);
  const margin = MARGIN * Math.min(width, height);
  const middle = (side, step, length) => side / 2 + step * Math.max(0, side / 2 - margin - length / 2);
  return {
    x: middle(width, (at % 3) - 1, across * c + down * s),
    y: middle(height, Math.floor(at / 3) - 1, across * s + down * c),
    width: across,
    height: down,
  };
};

// 0, 1 or 2: lines keep to the side of the picture they stand on.
export const columnOf = (place) => PLACES.indexOf(place) % 3;

// As the server cleans it: blanks at the ends of lines and of the whole go.
export const linesOf = (text) => {
  const lines = text.split("\n").map((line) => line.replaceAll("\t", " ").trim());
  while (lines.length && !lines[0]) lines.shift();
  while (lines.length && !lines.at(-1)) lines.pop();
  return lines;
};

// Draws on a canvas whose unit is a pixel of the picture. `stamp` is a loaded picture where there is no text.
export const draw = (canvas, overlay, width, height, stamp) => {
  const lines = overlay.text ? linesOf(overlay.text) : [];
  if (!lines.length && !stamp) return;
  const face = (px) => `${WEIGHT} ${px}px "Instrument Sans"`;
  canvas.save();
  canvas.font = face(1000);
  const breadth = lines.length ? Math.max(...lines.map((line) => canvas.measureText(line).width)) / 1000 : 1;
  const ratio = lines.length ? (LINE * lines.length) / breadth : stamp.naturalHeight / stamp.naturalWidth;
  const box = boxOf(overlay, width, height, ratio);
  canvas.globalAlpha = overlay.opacity / 100;
  canvas.translate(box.x, box.y);
  canvas.rotate((overlay.rotation * Math.PI) / 180);
  if (lines.length) {
    const px = box.width / breadth;
    canvas.font = face(px);
    canvas.fillStyle = overlay.colour;
    canvas.textAlign = ["left", "center", "right"][columnOf(overlay.place)];
    canvas.textBaseline = "alphabetic";
    const x = (box.width * (columnOf(overlay.place) - 1)) / 2;
    lines.forEach((line, at) => canvas.fillText(line, x, (LINE * at + BASE) * px - box.height / 2));
  } else {
    canvas.imageSmoothingQuality = "high";
    canvas.drawImage(stamp, -box.width / 2, -box.height / 2, box.width, box.height);
  }
  canvas.restore();
};
