/** Elements of a picture as text, numbers short and names safe; colours as every program reads them. */
/// <reference lib="dom" />

type Attributes = Readonly<Record<string, string | number | undefined>>;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escaped(text: string): string {
  // Control characters have no place in XML.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
  return text.replace(/[&<>"]/g, (one) => ESCAPES[one]).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '');
}

export function element(name: string, attributes: Attributes, content = ''): string {
  const given = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [` ${key}="${escaped(typeof value === 'number' ? String(Math.round(value * 100) / 100) : value)}"`];
  });
  return `<${name}${given.join('')}${content === '' ? '/>' : `>${content}</${name}>`}`;
}

/** A colour as `#rrggbb`, and how opaque it is. */
export interface Ink {
  readonly colour: string;
  readonly opacity: number;
}

const known = new Map<string, Ink>();
let pen: CanvasRenderingContext2D | null | undefined;

/** What a computed colour comes to, `color-mix` and other colour spaces too: as it is painted. */
export function inkOf(colour: string): Ink {
  const found = known.get(colour);
  if (found) return found;
  pen ??= Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
    willReadFrequently: true,
  });
  if (!pen) return { colour, opacity: 1 };
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = '#000000';
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
  const hex = [red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('');
  const ink = { colour: `#${hex}`, opacity: alpha / 255 };
  known.set(colour, ink);
  return ink;
}

/** Attributes that fill, or stroke, with a colour; undefined for one that is not to be seen. */
export function painted(kind: 'fill' | 'stroke', colour: string): Attributes | undefined {
  const ink = inkOf(colour);
  if (ink.opacity === 0) return undefined;
  return { [kind]: ink.colour, [`${kind}-opacity`]: ink.opacity < 1 ? ink.opacity : undefined };
}
