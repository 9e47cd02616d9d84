import { Stack, Text } from '@mantine/core';
import { useQuery, keepPreviousData } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { Loaded } from '../../parts/loaded';
import { useNumbers } from '../../parts/numbers';
import { audienceQuery, type Campaign } from './campaign-data';
import classes from './arithmetic.module.css';

/** Who gets it: all who are asked for, minus those who do not get it and why. */
export function Arithmetic({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const query = useQuery({ ...audienceQuery(campaign), placeholderData: keepPreviousData });
  if (campaign.topicId === null) return <Text c="dimmed">{t('arithmetic.needsTopic')}</Text>;
  return (
    <Loaded query={query}>
      {(count) => count && <Count count={count} stale={query.isPlaceholderData} />}
    </Loaded>
  );
}

function Count({ count: found, stale }: { count: Answer<'AudienceCount'>; stale: boolean }) {
  const { t } = useTranslation('campaigns');
  const { count } = useNumbers();
  const { audience, gets, withheld, noOffer, sms } = found;
  return (
    <Stack gap="xs" aria-live="polite" aria-busy={stale} style={{ opacity: stale ? 0.6 : 1 }}>
      <dl className={classes.sum}>
        {noOffer > 0 && (
          <>
            <div>
              <dt>{t('arithmetic.asked')}</dt>
              <dd>{count(audience + noOffer)}</dd>
            </div>
            <div>
              <dt>{t('arithmetic.noOffer')}</dt>
              <dd>−{count(noOffer)}</dd>
            </div>
          </>
        )}
        <div>
          <dt>{t('arithmetic.audience')}</dt>
          <dd>{count(audience)}</dd>
        </div>
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
      {sms && (
        <Text fz="sm" c="dimmed">
          {t('arithmetic.parts', { usual: count(sms.parts.usual), most: count(sms.parts.most) })}
          {sms.cost &&
            ` ${t('arithmetic.cost', { usual: count(sms.cost.usual), most: count(sms.cost.most), currency: sms.currency })}`}
        </Text>
      )}
    </Stack>
  );
}
