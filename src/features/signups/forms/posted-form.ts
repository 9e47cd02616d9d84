import type { PostedForm } from '../../../platform/http/posted-form';
import { isUuid } from '../../../platform/ids';

/** The ticked topics; both `topic=…` and `topic[]=…`, one or many. */
export function readChosenTopics(body: PostedForm): string[] {
  const values = [body['topic'], body['topic[]']].flat();
  return [...new Set(values.filter(isUuid).map((id) => id.toLowerCase()))];
}
