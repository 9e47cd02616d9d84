import { MulterError } from 'multer';
import { Malformed, TooLarge } from '../errors';

/** What went wrong with a multipart body, as the caller is told. */
export function uploadFault(fault: unknown): unknown {
  if (fault instanceof MulterError) {
    if (fault.code === 'LIMIT_FILE_SIZE') return new TooLarge('file_too_large');
    return new Malformed('malformed_upload', { detail: fault.message });
  }
  // Busboy's own complaints about a broken body are plain errors.
  const broken =
    fault instanceof Error && /multipart|boundary|unexpected end|malformed/i.test(fault.message);
  return broken ? new Malformed('malformed_upload', { detail: fault.message }) : fault;
}
