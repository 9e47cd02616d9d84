import { isUuid } from '../../../platform/ids';

/** A form as the body parser leaves it: a repeated name becomes a list, an unknown sender can send anything. */
export type PostedForm = Record<string, unknown>;

export function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The ticked topics; both `topic=…` and `topic[]=…`, one or many. */
export function readChosenTopics(body: PostedForm): string[] {
  const values = [body['topic'], body['topic[]']].flat();
  return [...new Set(values.filter(isUuid).map((id) => id.toLowerCase()))];
}
