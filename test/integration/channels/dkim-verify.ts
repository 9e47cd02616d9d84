import { createHash, createVerify, type KeyObject } from 'node:crypto';

export interface DkimResult {
  valid: boolean;
  domain: string;
  selector: string;
  /** Names in h=, lower case. */
  signed: string[];
}

/** Verifies a DKIM-Signature as RFC 6376 says (rsa-sha256, relaxed/relaxed), with the key that DNS would give. */
export function verifyDkim(raw: Buffer, lookUp: (name: string) => KeyObject): DkimResult {
  const text = raw.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const fields = text.slice(0, end).split(/\r\n(?![ \t])/);
  const body = text.slice(end + 4);
  const nameOf = (field: string) => field.slice(0, field.indexOf(':')).trim().toLowerCase();
  const signature = fields.find((field) => nameOf(field) === 'dkim-signature');
  if (!signature) throw new Error('No DKIM-Signature');
  const tags = new Map(
    signature
      .slice(signature.indexOf(':') + 1)
      .split(';')
      .map((tag): [string, string] => {
        const at = tag.indexOf('=');
        return [tag.slice(0, at).trim(), tag.slice(at + 1).replace(/\s+/g, '')];
      }),
  );
  const tag = (name: string) => tags.get(name) ?? '';
  if (tag('v') !== '1' || tag('a') !== 'rsa-sha256' || tag('c') !== 'relaxed/relaxed') {
    throw new Error('Not a signature this verifier knows');
  }

  const bodyHash = createHash('sha256').update(relaxedBody(body), 'latin1').digest('base64');
  const left = [...fields];
  const signed = tag('h').toLowerCase().split(':');
  const headers = signed.map((name) => {
    // Repeated names are taken from the bottom (RFC 6376 5.4.2).
    const at = left.findLastIndex((field) => nameOf(field) === name);
    return at < 0 ? '' : relaxedField(left.splice(at, 1)[0]!) + '\r\n';
  });
  const unsigned = signature.replace(/(;\s*b=)[^;]*/, '$1');
  const verifier = createVerify('sha256').update(
    headers.join('') + relaxedField(unsigned),
    'latin1',
  );
  const key = lookUp(`${tag('s')}._domainkey.${tag('d')}`);
  return {
    valid: bodyHash === tag('bh') && verifier.verify(key, tag('b'), 'base64'),
    domain: tag('d'),
    selector: tag('s'),
    signed,
  };
}

function relaxedField(field: string): string {
  const at = field.indexOf(':');
  const value = field
    .slice(at + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();
  return `${field.slice(0, at).trim().toLowerCase()}:${value}`;
}

function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  while (lines.at(-1) === '') lines.pop();
  return lines.length === 0 ? '' : lines.join('\r\n') + '\r\n';
}
