import type { AnyBody } from '../../../platform/http/any-body';

/** How an opt-out link was posted (P-07); recorded, and of no consequence. */
export type PostDetail = 'one_click' | 'form' | 'bare';

/** `one_click`: the body of RFC 8058, in either encoding. `form`: the button of our page. */
export function postDetail(body: AnyBody | undefined): PostDetail {
  const fields = body ? readFields(body) : new Map<string, string>();
  if (fields.get('List-Unsubscribe') === 'One-Click') return 'one_click';
  return fields.get('form') === '1' ? 'form' : 'bare';
}

function readFields({ contentType, text }: AnyBody): Map<string, string> {
  if (!/^multipart\/form-data/i.test(contentType)) return new Map(new URLSearchParams(text.trim()));
  const fields = new Map<string, string>();
  // Only the two short fields we know are looked for, so no full parser stands in the way of an opt-out.
  const part =
    /name="?([\w-]{1,40})"?[^\r\n]*\r?\n(?:[^\r\n]+\r?\n){0,4}\r?\n([^\r\n]{0,40})\r?\n/gi;
  for (const [, name, value] of text.matchAll(part)) fields.set(name!, value!);
  return fields;
}
