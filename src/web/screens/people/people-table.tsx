import { Anchor, Badge, Group, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Answer } from '../../api/client';
import { fullName } from './full-name';

export function PeopleTable({ people }: { people: Answer<'FoundPerson'>[] }) {
  const { t } = useTranslation('people');
  return (
    <Table.ScrollContainer minWidth={280}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column.name')}</Table.Th>
            <Table.Th visibleFrom="sm">{t('column.addresses')}</Table.Th>
            <Table.Th visibleFrom="sm">{t('column.organisation')}</Table.Th>
            <Table.Th visibleFrom="sm">{t('column.kinds')}</Table.Th>
            <Table.Th visibleFrom="sm">{t('column.reachable')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {people.map((person) => (
            <Table.Tr key={person.id}>
              <Table.Td>
                <Anchor component={Link} to={`/kontakter/${person.id}`}>
                  {fullName(person) ?? person.email ?? person.phone ?? t('nameless')}
                </Anchor>
                <Group hiddenFrom="sm" gap="xs">
                  {person.organisation && <Text fz="sm">{person.organisation}</Text>}
                  <Text fz="sm" c="dimmed">
                    {t('column.reachable')}
                  </Text>
                  <Reachable by={person.reachableBy} />
                </Group>
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Stack gap={0}>
                  {person.email && <Text fz="sm">{person.email}</Text>}
                  {person.phone && <Text fz="sm">{person.phone}</Text>}
                </Stack>
              </Table.Td>
              <Table.Td visibleFrom="sm">{person.organisation}</Table.Td>
              <Table.Td visibleFrom="sm">
                {person.kinds.map((kind) => t(`kind.${kind}`)).join(', ')}
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Reachable by={person.reachableBy} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Reachable({ by }: { by: ('email' | 'sms')[] }) {
  const { t } = useTranslation('people');
  if (by.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        {t('reachable.none')}
      </Text>
    );
  return (
    <Group gap={4}>
      {by.map((channel) => (
        <Badge key={channel} variant="light" tt="none">
          {t(`channel.${channel}`)}
        </Badge>
      ))}
    </Group>
  );
}
