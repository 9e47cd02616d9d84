import { useTranslation } from 'react-i18next';
import { useNumbers } from '../../parts/numbers';
import type { Campaign } from './campaign-data';
import { readable, useCampaignWords } from './campaign-words';

/** What will happen, in one sentence: what, to how many, when; `byMe`: as soon as the reader says so. */
export function useSentence(): (campaign: Campaign, gets: number, byMe: boolean) => string {
  const { t } = useTranslation('campaigns');
  const { count } = useNumbers();
  const words = useCampaignWords();
  return ({ name, subject, sendAt, timeZone }, gets, byMe) => {
    const what = { name: readable(subject) || name, count: gets, people: count(gets) };
    if (sendAt === null) return byMe ? t('sentence.now', what) : t('sentence.later', what);
    return t('sentence.planned', { ...what, when: words.moment(sendAt, timeZone) });
  };
}
