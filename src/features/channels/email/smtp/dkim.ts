import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import nodemailerDkim from 'nodemailer/lib/dkim/sign.js';
import { foldLines } from 'nodemailer/lib/mime-funcs';

export interface DkimSettings {
  domain: string;
  selector: string;
  /** PEM. */
  privateKey: string;
}

// RFC 6376 5.4.1, and both headers of RFC 8058, without which mailbox providers show no opt-out button.
const SIGNED_FIELDS = [
  'From',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'To',
  'MIME-Version',
  'Content-Type',
  'List-Id',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'Auto-Submitted',
  'Precedence',
  'Feedback-ID',
].join(':');

// With a callback the signature is made on a thread of the pool: half a millisecond with 2048 bits, too long for the event loop.
const signOnThread = promisify(sign);

/**
 * Signs messages, relaxed/relaxed. Bodies must hold nothing that relaxed canonicalisation would change (see encodePiece).
 * RSA alone: a signature by Ed25519 (RFC 8463) is no signature to the mailbox providers that cannot verify it.
 */
export class DkimSigner {
  private readonly key: KeyObject;

  constructor(private readonly settings: DkimSettings) {
    this.key = createPrivateKey(settings.privateKey);
    if (this.key.asymmetricKeyType !== 'rsa') throw new Error('DKIM_PRIVATE_KEY is not an RSA key');
  }

  /** The DKIM-Signature header with its CRLF; rejects rather than let a message leave unsigned. */
  async sign(headerLines: string[], body: Buffer): Promise<string> {
    const bodyHash = createHash('sha256').update(body).digest('base64');
    const signed = nodemailerDkim.relaxedHeaders(headerLines.map(withKey), SIGNED_FIELDS);
    const { domain, selector } = this.settings;
    const tags =
      `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; q=dns/txt; s=${selector}; ` +
      `bh=${bodyHash}; h=${signed.fieldNames}`;
    const header = foldLines(tags, 76) + ';\r\n b=';
    // RFC 6376 3.7: the field itself comes last, with an empty b= and without its CRLF.
    const own = nodemailerDkim.relaxedHeaders([withKey(header)], FIELD);
    const data = Buffer.from(signed.headers + own.headers.trimEnd(), 'latin1');
    const signature = (await signOnThread('RSA-SHA256', data, this.key)).toString('base64');
    return header + signature.replace(/.{75}(?=.)/g, '$&\r\n ') + '\r\n';
  }
}

const FIELD = 'DKIM-Signature';

function withKey(line: string): { key: string; line: string } {
  return { key: line.slice(0, line.indexOf(':')).toLowerCase(), line };
}
