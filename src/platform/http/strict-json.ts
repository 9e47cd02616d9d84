import type { RawBodyRequest } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Malformed } from '../errors';

/** No body of ours is nested deeper; what is could exhaust the stack of those who walk through it. */
const DEEPEST = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Refuses JSON that the parser has taken and that means different things to different readers. Runs after it. */
export function strictJson(
  request: RawBodyRequest<Request>,
  _: Response,
  next: NextFunction,
): void {
  const { rawBody } = request;
  if (!rawBody || !request.is('json')) next();
  // RFC 8259 §8.1; the parser would take UTF-7 and UTF-16, too.
  else if (/charset=(?!"?utf-8)/i.test(request.headers['content-type'] ?? ''))
    next(new Malformed('json_not_utf8'));
  else {
    const fault = jsonFault(rawBody.toString('utf8'));
    next(fault ? new Malformed(fault) : undefined);
  }
}

/** A key that stands twice in one object (RFC 8259 §4: which one counts differs between readers), or too deep nesting. */
export function jsonFault(text: string): 'repeated_key' | 'nested_too_deep' | null {
  // For each open object the keys seen in it; null for an open array.
  const open: (Set<string> | null)[] = [];
  let keyComes = false;
  for (let at = 0; at < text.length; at++) {
    const character: string = text.charAt(at);
    switch (character) {
      case '{':
        if (open.push(new Set()) > DEEPEST) return 'nested_too_deep';
        keyComes = true;
        break;
      case '[':
        if (open.push(null) > DEEPEST) return 'nested_too_deep';
        keyComes = false;
        break;
      case '}':
      case ']':
        open.pop();
        keyComes = false;
        break;
      case ',':
        keyComes = open.at(-1) instanceof Set;
        break;
      case '"': {
        const end = endOfString(text, at);
        if (keyComes) {
          const keys = open.at(-1)!;
          // The same key may be spelled with escapes.
          const key = JSON.parse(text.slice(at, end + 1)) as string;
          if (keys.has(key)) return 'repeated_key';
          keys.add(key);
          keyComes = false;
        }
        at = end;
        break;
      }
      default:
    }
  }
  return null;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length && text.charCodeAt(at) !== QUOTE; at++) {
    if (text.charCodeAt(at) === BACKSLASH) at++;
  }
  return at;
}
