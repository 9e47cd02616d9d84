import { FILL_MARK, OUTPUT_MARK } from '../liquid';
import type { ProblemCode } from './problems';

/** Ours, or of the catalogue, which takes whole addresses only. */
const OWN_LINK = /^\{\{-?\s*(links\.[a-z]+|[a-z]+Url|[a-z]+_offer\.url)\s*-?\}\}$/;
const ENCODED_LAST = /\|\s*url_encode\s*-?\}\}$/;
const MARKS = new RegExp(`${OUTPUT_MARK}${FILL_MARK}*`, 'g');

const WHOLE_HOST = /^https:\/\/[a-z0-9åäöéü.-]+(:\d+)?([/?#]|$)/i;
/** A field right after the host's name could lengthen it into another host. */
const CLOSED_HOST = /^https:\/\/[a-z0-9åäöéü.-]+(:\d+)?[/?#]/i;

/** One link target: what stands there with the merge fields masked, and the fields' own sources in order. */
export interface LinkTarget {
  masked: string;
  outputs: readonly string[];
  publicUrl: string;
}

/** Only https, mailto and tel leave this house, and http for our own address while developing. */
export function lintLink({ masked, outputs, publicUrl }: LinkTarget): ProblemCode | null {
  const trimmed = masked.trim();
  if (trimmed === '' || trimmed === '#') return 'link_missing';
  const plain = trimmed.replace(MARKS, '0');
  if (trimmed.replace(MARKS, '') === '' && outputs.length === 1) {
    return OWN_LINK.test(outputs[0]!) ? null : 'link_not_allowed';
  }
  // Browsers drop tabs and line feeds inside a scheme, so they may not stand anywhere.
  if (/[\s\p{Cc}]/u.test(masked)) return 'link_with_space';
  const own = publicUrl.replace(/\/+$/, '') + '/';
  const fixedPart = trimmed.split(OUTPUT_MARK)[0]!;
  const allowed =
    (outputs.length === 0 ? WHOLE_HOST : CLOSED_HOST).test(fixedPart) ||
    /^(mailto|tel):[^\s]/i.test(fixedPart) ||
    fixedPart.startsWith(own);
  if (!allowed || !URL.canParse(plain) || plain.includes('\\')) return 'link_not_allowed';
  return outputs.every((output) => ENCODED_LAST.test(output)) ? null : 'field_not_encoded';
}

/** An image is the same for everybody: a personal address would be a tracking pixel. */
export function lintImage({ masked, outputs, publicUrl }: LinkTarget): ProblemCode | null {
  if (outputs.length > 0) return 'field_in_image';
  const fault = lintLink({ masked, outputs, publicUrl });
  if (fault === 'link_missing') return 'image_missing';
  return fault ?? (/^(mailto|tel):/i.test(masked.trim()) ? 'link_not_allowed' : null);
}
