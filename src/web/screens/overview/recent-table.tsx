import { Anchor, Stack, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Answer } from '../../api/client';
import { useNumbers } from '../../parts/numbers';
import { When } from '../../parts/when';

const COLUMNS = ['accepted', 'delivered', 'clicks', 'optOuts', 'bounced'] as const;

/** The last campaigns and the numbers one asks for first. */
export function RecentTable({ recent }: { recent: Answer<'RecentCampaign'>[] }) {
  const { t } = useTranslation('overview');
  const { count } = useNumbers();
  return (
    <Stack component="section" gap="sm" aria-labelledby="recent">
      <Title order={2} id="recent">
        {t('recent.title')}
      </Title>
      {recent.length === 0 ? (
        <Text>{t('recent.none')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={640}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('recent.name')}</Table.Th>
                <Table.Th>{t('recent.at')}</Table.Th>
                {COLUMNS.map((column) => (
                  <Table.Th key={column} ta="right">
                    {t(`recent.${column}`)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {recent.map((campaign) => (
                <Table.Tr key={campaign.campaignId}>
                  <Table.Td>
                    <Anchor component={Link} to={`/utskick/${campaign.campaignId}/rapport`}>
                      {campaign.name}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    <When at={campaign.launchedAt} />
                  </Table.Td>
                  {COLUMNS.map((column) => (
                    <Table.Td key={column} ta="right">
                      {campaign[column] === null ? t('recent.notTold') : count(campaign[column])}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}
