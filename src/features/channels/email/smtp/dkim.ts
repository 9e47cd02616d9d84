import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import sign from 'nodemailer/lib/dkim/sign.js';
import type { MimeMessage } from './mime-message';

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

/** Signs messages with nodemailer's signer. Bodies must hold nothing that relaxed canonicalisation would change (see encodePiece). */
export class DkimSigner {
  private readonly key: KeyObject;

  constructor(private readonly settings: DkimSettings) {
    this.key = createPrivateKey(settings.privateKey);
    if (this.key.asymmetricKeyType !== 'rsa') throw new Error('DKIM_PRIVATE_KEY is not an RSA key');
  }

  /** The DKIM-Signature header with its CRLF; throws rather than let a message leave unsigned. */
  sign({ headerLines, body }: MimeMessage): string {
    const bodyHash = createHash('sha256').update(body).digest('base64');
    const header = sign(headerLines, 'sha256', bodyHash, {
      domainName: this.settings.domain,
      keySelector: this.settings.selector,
      privateKey: this.key,
      headerFieldNames: SIGNED_FIELDS,
    });
    if (header === false) throw new Error('DKIM signing failed');
    return header + '\r\n';
  }
}
