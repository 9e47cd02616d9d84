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
  // Only two short fields are looked for, so no full parser stands in the way of an opt-out.
  let name: string | null = null;
  let inValue = false;
  for (const line of text.split(/\r?\n/)) {
    if (name !== null && inValue) {
      fields.set(name, line);
      name = null;
    } else if (/^content-disposition:/i.test(line)) {
      name = nameIn(line);
      inValue = false;
    } else if (line === '') inValue = name !== null;
  }
  return fields;
}

function nameIn(header: string): string | null {
  const parameter = header.split(';').find((part) => /^\s*name=/i.test(part));
  return parameter ? parameter.trim().slice('name='.length).replaceAll('"', '') : null;
}
