import { createHash } from 'node:crypto';
import { invalidField } from '../../../platform/errors';

export interface Picture {
  hash: string;
  extension: 'jpg' | 'png' | 'gif';
  width: number;
  height: number;
  bytes: Buffer;
}

/** Twice the width of a mail's column, for sharp screens. */
const WIDEST = 1_200;
/** A small file can hold an endless picture. */
const MOST_PIXELS = 50_000_000;

/** Loaded with the first picture: it brings native code that most processes never need. */
const sharp = () => require('sharp') as typeof import('sharp');

/**
 * The picture as mails can show it: at most 1200 px wide, turned as its camera was held, without place and camera in
 * it, and in a format that every mail program reads (Outlook knows no WebP). What it is, its bytes say, not its name.
 */
export async function toPicture(upload: Buffer): Promise<Picture> {
  if (!isKnown(upload)) throw invalidField('file', 'not_a_picture');
  const animated = { animated: true, limitInputPixels: MOST_PIXELS };
  try {
    const { pages = 1, hasAlpha } = await sharp()(upload, animated).metadata();
    const moves = pages > 1;
    const turned = sharp()(upload, { ...animated, animated: moves }).autoOrient();
    const sized = turned.resize({ width: WIDEST, withoutEnlargement: true });
    const extension = moves ? 'gif' : hasAlpha || isPng(upload) ? 'png' : 'jpg';
    const written =
      extension === 'gif'
        ? sized.gif()
        : extension === 'png'
          ? sized.png({ compressionLevel: 9 })
          : sized.jpeg({ quality: 82, mozjpeg: true });
    const { data, info } = await written.toBuffer({ resolveWithObject: true });
    const hash = createHash('sha256').update(data).digest('hex');
    return {
      hash,
      extension,
      width: info.width,
      height: info.pageHeight ?? info.height,
      bytes: data,
    };
  } catch {
    throw invalidField('file', 'picture_broken');
  }
}

/** The formats that are taken, by their first bytes: the decoder knows more, SVG among them. */
function isKnown(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 12).toString('latin1');
  return (
    isPng(bytes) ||
    start.startsWith('\xff\xd8\xff') ||
    /^GIF8[79]a/.test(start) ||
    /^RIFF[^]{4}WEBP/.test(start)
  );
}

function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n';
}
