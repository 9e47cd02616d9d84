import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { useNumbers } from '../../parts/numbers';
import classes from '../campaigns/arithmetic.module.css';

/** All who are asked for, minus those who do not get it and why; in the words that a campaign says it with. */
export function WhoGetsIt(props: {
  people: number;
  delivery: Answer<'SegmentDelivery'>;
  /** "has no email address" */
  without: string;
}) {
  const { t } = useTranslation('campaigns');
  const { count } = useNumbers();
  const { gets, withoutAddress, withheld } = props.delivery;
  return (
    <dl className={classes.sum}>
      <div>
        <dt>{t('arithmetic.audience')}</dt>
        <dd>{count(props.people)}</dd>
      </div>
      {withoutAddress > 0 && (
        <div>
          <dt>{props.without}</dt>
          <dd>−{count(withoutAddress)}</dd>
        </div>
      )}
      {withheld.map(({ reason, count: people }) => (
        <div key={reason}>
          <dt>{t(`reason.${reason}`)}</dt>
          <dd>−{count(people)}</dd>
        </div>
      ))}
      <div className={classes.result}>
        <dt>{t('arithmetic.gets')}</dt>
        <dd>{count(gets)}</dd>
      </div>
    </dl>
  );
}
