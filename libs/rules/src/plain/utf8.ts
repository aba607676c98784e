/** Long enough for most names; it grows for the others. */
const USUAL = 256;
const ASCII_END = 0x80;

/**
 * Strings as UTF-8 in a buffer that is used again and again. Half a surrogate pair, which JSON can name and UTF-8
 * cannot, gets three bytes of its own, so that different strings always have different bytes (WTF-8).
 */
export class Utf8Scratch {
  bytes = new Uint8Array(USUAL);

  /** @returns how many of `bytes` the text takes */
  encode(text: string): number {
    if (text.length * 3 > this.bytes.length) this.bytes = new Uint8Array(text.length * 3);
    const { bytes } = this;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit >= ASCII_END) return this.encodeRest(text, i);
      bytes[i] = unit;
    }
    return text.length;
  }

  /** Goes on behind `from` characters of ASCII. */
  private encodeRest(text: string, from: number): number {
    const { bytes } = this;
    let length = from;
    for (let i = from; i < text.length;) {
      const point = text.codePointAt(i)!;
      i += point > 0xffff ? 2 : 1;
      length = writePoint(bytes, length, point);
    }
    return length;
  }
}

function writePoint(bytes: Uint8Array, at: number, point: number): number {
  if (point < ASCII_END) {
    bytes[at] = point;
    return at + 1;
  }
  const more = point < 0x800 ? 1 : point < 0x1_0000 ? 2 : 3;
  const mark = [0, 0xc0, 0xe0, 0xf0][more]!;
  bytes[at] = mark | (point >> (6 * more));
  for (let i = 1; i <= more; i += 1) bytes[at + i] = 0x80 | ((point >> (6 * (more - i))) & 0x3f);
  return at + more + 1;
}

/** The string that `Utf8Scratch` wrote. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to;) {
    const lead = bytes[i]!;
    const more = lead < ASCII_END ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    let point = more === 0 ? lead : lead & (0x3f >> more);
    for (let k = 1; k <= more; k += 1) point = (point << 6) | (bytes[i + k]! & 0x3f);
    text += String.fromCodePoint(point);
    i += more + 1;
  }
  return text;
}
