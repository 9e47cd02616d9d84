import { Stack, Text } from '@mantine/core';
import { useQuery, keepPreviousData } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { asProblem } from '../../api/problem';
import { Loaded } from '../../parts/loaded';
import { useNumbers } from '../../parts/numbers';
import { audienceQuery, type Campaign } from './campaign-data';
import classes from './arithmetic.module.css';

/** Who gets it: all who are asked for, minus those who do not get it and why. */
export function Arithmetic({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const query = useQuery({ ...audienceQuery(campaign), placeholderData: keepPreviousData });
  if (campaign.topicId === null) return <Text c="dimmed">{t('arithmetic.needsTopic')}</Text>;
  if (query.isError && asProblem(query.error).code === 'campaign_not_ready') {
    return <Text c="dimmed">{t('arithmetic.needsMending')}</Text>;
  }
  return (
    <Loaded query={query}>
      {(count) => count && <Count count={count} stale={query.isPlaceholderData} />}
    </Loaded>
  );
}

function Count({ count: found, stale }: { count: Answer<'AudienceCount'>; stale: boolean }) {
  const { t } = useTranslation('campaigns');
  const { count } = useNumbers();
  const { audience, gets, withheld, segments, noOffer, sms } = found;
  const asked = audience + noOffer;
  return (
    <Stack gap="xs" aria-live="polite" aria-busy={stale} style={{ opacity: stale ? 0.6 : 1 }}>
      <dl className={classes.sum}>
        {segments && (
          <>
            <div>
              <dt>{t('arithmetic.beforeSegments')}</dt>
              <dd>{count(segments.of)}</dd>
            </div>
            <div>
              <dt>{t('arithmetic.outside')}</dt>
              <dd>−{count(segments.of - asked)}</dd>
            </div>
          </>
        )}
        {!segments && noOffer > 0 && (
          <div>
            <dt>{t('arithmetic.asked')}</dt>
            <dd>{count(asked)}</dd>
          </div>
        )}
        {noOffer > 0 && (
          <div>
            <dt>{t('arithmetic.noOffer')}</dt>
            <dd>−{count(noOffer)}</dd>
          </div>
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
      {segments && segments.of > 0 && segments.of === asked && (
        <Text fz="sm">{t('arithmetic.everybody')}</Text>
      )}
      {segments && segments.leftOut > 0 && (
        <Text fz="sm">
          {t('arithmetic.unprofiled', { count: segments.leftOut, people: count(segments.leftOut) })}
        </Text>
      )}
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
