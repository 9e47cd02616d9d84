import type { NextFunction, Request, Response } from 'express';

const MOST_BYTES = 16 * 1024;
const LONGEST_MS = 3_000;

/** A body as it came, for routes where nothing about it may make the request fail. */
export interface AnyBody {
  contentType: string;
  /** The first 16 KB; what comes after is read and dropped. */
  text: string;
}

export interface AnyBodyRequest extends Request {
  anyBody?: AnyBody;
}

/**
 * Reads the body of an RFC 8058 post instead of the ordinary parsers, which would refuse malformed JSON, other
 * charsets or large bodies. A slow or broken body counts as what had arrived by then.
 */
export function anyBody(request: AnyBodyRequest, _: Response, next: NextFunction): void {
  if (request.method === 'GET' || request.method === 'HEAD') {
    next();
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  let done = false;
  const finish = () => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    const text = Buffer.concat(chunks).toString('utf8');
    request.anyBody = { contentType: request.headers['content-type'] ?? '', text };
    // The parsers that follow look at nothing without a type.
    delete request.headers['content-type'];
    next();
  };
  const timer = setTimeout(finish, LONGEST_MS);
  request.on('data', (chunk: Buffer) => {
    if (done || bytes >= MOST_BYTES) return;
    chunks.push(chunk.subarray(0, MOST_BYTES - bytes));
    bytes += chunk.length;
  });
  for (const event of ['end', 'close', 'error']) request.on(event, finish);
  if (request.complete || !request.readable) finish();
}
