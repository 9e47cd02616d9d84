import { IsBase64, Matches, MaxLength, ValidateIf } from 'class-validator';
import { Optional } from '../http/validation';

const Nullable = () => ValidateIf((_, value) => value !== undefined && value !== null);

/** Of what mails are made of, nothing may become markup or a merge field. */
const PLAIN_LINE = (most: number) => new RegExp(`^[^\\p{Cc}{}[\\]<>]{1,${most}}$`, 'u');

export class BrandChange {
  /** What we are called in mails and on pages; null: the legal name. */
  @Nullable()
  @Matches(PLAIN_LINE(60))
  name?: string | null;
  /** Of buttons and links, #rrggbb; refused with `contrast_too_low` when white text on it cannot be read. */
  @Nullable()
  @Matches(/^#[0-9a-f]{6}$/)
  colour?: string | null;
  /** A line at the foot of mails and pages; empty: none. */
  @Optional()
  @Matches(/^$|^[^\p{Cc}{}[\]<>]{1,200}$/u)
  footer?: string;
  /** PNG of at most 100 KB, base64; null takes it away. */
  @Nullable()
  @IsBase64()
  @MaxLength(140_000)
  logo?: string | null;
}

export class BrandLogo {
  url: string;
  /** In pixels, as it is shown. */
  width: number;
  height: number;
}

export class BrandView {
  name: string | null;
  colour: string | null;
  footer: string;
  logo: BrandLogo | null;
  /** Legal name of the controller, which always stands at the foot. */
  legalName: string;
  /** The colour while none is chosen. */
  standardColour: string;
}
