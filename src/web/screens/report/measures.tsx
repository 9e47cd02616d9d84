import { Card, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { useNumbers } from '../../parts/numbers';
import { ShowPeople } from './people';

type Report = Answer<'CampaignReport'>;
type Measure = Answer<'Measure'>;
type Name = keyof Answer<'CampaignMeasures'>;

const NAMES: readonly Name[] = [
  'accepted',
  'delivered',
  'clicks',
  'optOuts',
  'bounced',
  'complaints',
];
/** Of which people a list can be had. */
const PEOPLE: Partial<Record<Name, string>> = { delivered: 'DELIVERED', bounced: 'BOUNCED' };

/** The numbers that matter: how many, which share, and whether that is usual. */
export function Measures(props: { report: Report; measures: Answer<'CampaignMeasures'> }) {
  const { t } = useTranslation('report');
  const { report, measures } = props;
  return (
    <Stack component="section" gap="sm" aria-labelledby="measures">
      <Title order={2} id="measures">
        {t(report.finishedAt ? 'measures.title' : 'measures.soFar')}
      </Title>
      <SimpleGrid cols={{ base: 2, md: 3 }} spacing={{ base: 'xs', sm: 'md' }}>
        {NAMES.map((name) => (
          <Tile key={name} name={name} measure={measures[name]} id={report.campaignId} />
        ))}
      </SimpleGrid>
      <Text c="dimmed" fz="sm">
        {t('measures.noOpens')}
      </Text>
    </Stack>
  );
}

function Tile({ name, measure, id }: { name: Name; measure: Measure | null; id: string }) {
  const { t } = useTranslation('report');
  const numbers = useNumbers();
  const share = (value: number) =>
    name === 'clicks'
      ? t('measures.perHundred', { n: numbers.count(Math.round(value * 1000) / 10) })
      : numbers.share(value);
  return (
    <Card withBorder p="sm">
      <Text>{t(`measures.${name}`)}</Text>
      {measure === null ? (
        <Text c="dimmed" fz="sm">
          {t(name === 'clicks' ? 'measures.notCounted' : 'measures.notTold')}
        </Text>
      ) : (
        <>
          <Text fz="2rem" ff="Georgia, serif" lh={1.2}>
            {numbers.count(measure.count)}
          </Text>
          {measure.share !== null && (
            <Text fz="sm">
              {name === 'clicks'
                ? share(measure.share)
                : t(name === 'accepted' ? 'measures.ofAudience' : 'measures.ofSent', {
                    share: share(measure.share),
                  })}
            </Text>
          )}
          {measure.median !== null && (
            <Text fz="sm" c="dimmed">
              {t('measures.usual', { usual: share(measure.median) })}
            </Text>
          )}
          {PEOPLE[name] && measure.count > 0 && (
            <ShowPeople id={id} state={PEOPLE[name]} what={t(`measures.${name}`)} />
          )}
        </>
      )}
    </Card>
  );
}
