import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSession } from '../../frame/session';
import { ArchiveSegment } from './archive-segment';
import { ExplainPerson } from './explain-person';
import { FreezeSegment } from './freeze-segment';
import { Growth } from './growth';
import type { Segment } from './segment-data';

/** What a saved segment has besides its question. */
export function SegmentMore({ segment, isChanged }: { segment: Segment; isChanged: boolean }) {
  const { t } = useTranslation('segments');
  const { can } = useSession();
  const [freezing, freezing_] = useDisclosure();
  const isThere = segment.archivedAt === null;
  return (
    <>
      <Growth segment={segment} />
      {isThere && can('contacts:read') && <ExplainPerson segment={segment} isChanged={isChanged} />}
      <Stack component="section" aria-labelledby="uses" gap="sm">
        <Title order={2} id="uses">
          {t('uses.title')}
        </Title>
        <Uses segment={segment} />
      </Stack>
      {isThere && can('campaigns:write') && (
        <Group gap="sm">
          {segment.kind === 'dynamic' && (
            <Button variant="default" disabled={isChanged} onClick={freezing_.open}>
              {t('freeze.act')}
            </Button>
          )}
          <ArchiveSegment segment={segment} />
        </Group>
      )}
      {freezing && <FreezeSegment segment={segment} close={freezing_.close} />}
    </>
  );
}

function Uses({ segment }: { segment: Segment }) {
  const { t } = useTranslation('segments');
  if (segment.usedBy.length === 0) return <Text>{t('uses.none')}</Text>;
  return (
    <ul style={{ margin: 0 }}>
      {segment.usedBy.map(({ kind, id, name }) => (
        <li key={id}>
          {t(`uses.${kind}`)}{' '}
          <Anchor component={Link} to={`/${kind === 'campaign' ? 'utskick' : 'malgrupper'}/${id}`}>
            {name}
          </Anchor>
        </li>
      ))}
    </ul>
  );
}
