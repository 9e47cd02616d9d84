import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { isPublic, lookUpPublic } from './public-addresses';

export interface PostAnswer {
  /** Null: no answer came. */
  status: number | null;
  /** The beginning of what was answered, as text, or our own code of why there was no answer. */
  answer: string;
}

const DEADLINE_MS = 10_000;
const LONGEST_ANSWER = 200;
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Why a webhook may not go there; null: it may. `local`: this is somebody's own machine, which may be called. */
export function urlFault(
  written: string,
  local: boolean,
): 'bad_url' | 'not_https' | 'private_address' | null {
  const url = URL.parse(written);
  if (!url || url.username || url.password || url.hash) return 'bad_url';
  if (local && LOOPBACK.includes(url.hostname) && /^https?:$/.test(url.protocol)) return null;
  if (url.protocol !== 'https:') return 'not_https';
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(literal) > 0 && !isPublic(literal) ? 'private_address' : null;
}

/** One request: no redirect, no second try, nothing kept open. Never rejects. */
export function postWebhook(
  written: string,
  headers: Record<string, string>,
  body: string,
  local: boolean,
): Promise<PostAnswer> {
  const fault = urlFault(written, local);
  if (fault) return Promise.resolve({ status: null, answer: fault });
  const url = new URL(written);
  const secure = url.protocol === 'https:';
  const own = local && LOOPBACK.includes(url.hostname);
  return new Promise((settle) => {
    const request = (secure ? https : http).request(url, {
      method: 'POST',
      agent: false,
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      signal: AbortSignal.timeout(DEADLINE_MS),
      ...(own ? {} : { lookup: lookUpPublic }),
    });
    request.once('error', (error: NodeJS.ErrnoException) =>
      settle({
        status: null,
        answer: error.name === 'AbortError' ? 'timeout' : (error.code ?? 'no_answer'),
      }),
    );
    request.once('response', (response) => {
      const status = response.statusCode ?? 0;
      let text = '';
      const done = () => settle({ status, answer: toLine(text) });
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length < LONGEST_ANSWER) return;
        done();
        response.destroy();
      });
      response.once('error', done);
      response.once('close', done);
    });
    request.end(body);
  });
}

const toLine = (text: string): string =>
  text
    .slice(0, LONGEST_ANSWER)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim();
