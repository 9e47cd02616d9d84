import type { Request, Response } from 'express';
import multer, { MulterError, type Options, type StorageEngine } from 'multer';
import { Malformed, TooLarge } from '../../../platform/errors';

/** The text fields of a post. A character stands for a byte: which charset a field has is said by another field. */
export type MailForm = Readonly<Record<string, unknown>>;

/** SendGrid takes mails of up to 30 MB: mostly attachments, but pictures may also stand in the HTML. */
const LARGEST_POST = 31 * 1024 * 1024;
const MOST_FIELDS = 60;

/** Attachments are read to their end and kept nowhere: a picture in a signature must not cost anybody their no. */
const NOWHERE: StorageEngine = {
  _handleFile: (_, { stream }, done) => {
    stream.on('end', () => done(null, {})).on('error', done);
    stream.resume();
  },
  _removeFile: (_request, _file, done) => done(null),
};

// The typings lag behind multer 2.5.
const OPTIONS: Options & { defCharset: string } = {
  storage: NOWHERE,
  defCharset: 'latin1',
  // No limit for one field: what is refused with a 413 never comes again, and may be a no.
  limits: { fieldSize: LARGEST_POST, fields: MOST_FIELDS },
};

const parse = multer(OPTIONS).any();

/** Throws TooLarge `mail_too_large`, Malformed `malformed_mail`. */
export async function readMailForm(request: Request, response: Response): Promise<MailForm> {
  if (!request.is('multipart/form-data')) throw new Malformed('malformed_mail');
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_POST)
    throw new TooLarge('mail_too_large');
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    // Said by no header beforehand: whoever sends it will see the connection end.
    if (bytes > LARGEST_POST) request.destroy(new TooLarge('mail_too_large'));
  });
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (fault: unknown) => (fault ? reject(refusalOf(fault)) : resolve()));
  });
  return request.body as MailForm;
}

function refusalOf(fault: unknown): Error {
  if (fault instanceof TooLarge) return fault;
  const isLimit = fault instanceof MulterError && fault.code.startsWith('LIMIT_');
  // Busboy's complaints about a broken body are plain errors, and nothing else can fail here.
  return isLimit ? new TooLarge('mail_too_large') : new Malformed('malformed_mail');
}
