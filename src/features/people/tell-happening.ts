import { t, type Language } from '../../platform/i18n/i18n';
import type { HappeningRow } from './timeline.queries';

/** One line of a person's history, in a sentence. */
export function tellHappening(row: HappeningRow, language: Language): string {
  const say = (key: string, values: Record<string, unknown> = {}) =>
    t(language, `people:${key}`, values);
  const { what, detail, channel } = row;
  const name = row.name ?? '';
  const by = channel ? say(`channel.${channel}`) : say('channel.any');
  switch (row.kind) {
    case 'message':
      return what === 'WITHHELD'
        ? say('message.WITHHELD', { name, by, why: say(`why.${detail ?? 'ledger_unavailable'}`) })
        : say(`message.${what}`, { name, by });
    case 'registry': {
      const topic = (language === 'sv' ? row.topicSv : row.topicEn) ?? '';
      const door = t(language, `registry:doors.${detail ?? 'unknown'}`);
      const kind = what === 'opt_out' ? `opt_out_${row.scope}` : what;
      const of = row.name && what === 'opt_out' ? say('registry.of', { name }) : '';
      return say(`registry.${kind}`, { topic, by, door, of });
    }
    case 'service_mail':
      return say(detail === 'WITHHELD' ? 'mailWithheld' : 'mail', {
        what: say(`template.${what}`),
      });
    case 'click':
      return say('click', { name, what });
    case 'reply':
      return say(`reply.${what}`, { by }) + (detail ? ` ${say(`replyOutcome.${detail}`)}` : '');
    case 'case':
      return say('case', {
        name,
        what: say(`caseKind.${what}`),
        came: say(`cameBy.${row.scope}`),
        state: say(`caseState.${detail}`),
      });
    case 'import':
      return say(detail === 'undone' ? 'importUndone' : 'import', { name });
    case 'data':
      return say(`data.${what.replace('contact.', '')}`, { who: say(`actor.${detail}`) });
    case 'learning':
      return say(`learning.${what}`, { course: row.name ?? say('learning.noCourse') });
  }
}
