import { Anchor, Badge, Button, Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { answer, api } from '../../../api/client';
import { Loaded } from '../../../parts/loaded';
import { Nothing } from '../../../parts/nothing';
import { Page } from '../../../parts/page';
import { When } from '../../../parts/when';
import { FORMS } from './forms-query';

/** The sign-up forms there are. */
export function SignupForms() {
  const { t, i18n } = useTranslation('settings');
  const forms = useQuery({
    queryKey: FORMS,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/signup-forms', { signal })),
  });
  const add = (
    <Button component={Link} to="/installningar/formular/nytt">
      {t('forms.add')}
    </Button>
  );
  return (
    <Page title={t('section.forms')} actions={forms.data?.items.length ? add : null} size="52rem">
      <Text>{t('forms.what')}</Text>
      <Loaded query={forms}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title={t('forms.none')} text={t('forms.noneText')}>
              {add}
            </Nothing>
          ) : (
            <Table.ScrollContainer minWidth={420}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('forms.name')}</Table.Th>
                    <Table.Th>{t('forms.address')}</Table.Th>
                    <Table.Th>{t('forms.made')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map(({ id, key, nameSv, nameEn, createdAt, closedAt }) => (
                    <Table.Tr key={id}>
                      <Table.Td>
                        <Group gap="xs">
                          <Anchor component={Link} to={`/installningar/formular/${id}`}>
                            {i18n.language === 'en' ? nameEn : nameSv}
                          </Anchor>
                          {closedAt && <Badge color="gray">{t('forms.closed')}</Badge>}
                        </Group>
                      </Table.Td>
                      <Table.Td>/signup/{key}</Table.Td>
                      <Table.Td>
                        <When at={createdAt} form="day" />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Loaded>
    </Page>
  );
}
