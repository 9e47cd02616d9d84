import { Anchor, Badge, Group, Paper, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useNumbers } from '../../parts/numbers';
import { inLanguage, type Segment } from './segment-data';

/** One of the list: what it asks, how many it held last night, and who asks by it. */
export function SegmentRow({ segment }: { segment: Segment }) {
  const { t, i18n } = useTranslation('segments');
  const { count } = useNumbers();
  const { id, name, kind, sentence, people, change, usedBy } = segment;
  return (
    <Paper component="li" withBorder p="md" style={{ listStyle: 'none' }}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} style={{ flex: '1 1 18rem', minWidth: 0 }}>
          <Anchor component={Link} to={`/malgrupper/${id}`} fw={600}>
            {name}
          </Anchor>
          <Text fz="sm">{inLanguage(sentence, i18n.language)}</Text>
          <Text fz="sm" c="dimmed">
            {usedBy.length === 0
              ? t('uses.none')
              : t('uses.count', { count: usedBy.length, names: namesOf(usedBy) })}
          </Text>
        </Stack>
        <Stack gap="xs" align="flex-start" style={{ flex: '0 1 12rem' }}>
          <Badge variant="outline" color="gray" c="var(--mantine-color-text)">
            {t(`kind.${kind}`)}
          </Badge>
          <Text>
            {people === null
              ? t('row.uncounted')
              : t('row.people', { count: people, number: count(people) })}
          </Text>
          {change !== null && change !== 0 && (
            <Text fz="sm" c="dimmed">
              {t(change > 0 ? 'row.more' : 'row.fewer', { number: count(Math.abs(change)) })}
            </Text>
          )}
        </Stack>
      </Group>
    </Paper>
  );
}

/** Of more than this, the rest is dots. */
const NAMED = 3;

const namesOf = (uses: Segment['usedBy']): string =>
  uses
    .slice(0, NAMED)
    .map(({ name }) => name)
    .join(', ') + (uses.length > NAMED ? ' …' : '');
