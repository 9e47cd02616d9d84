import { Anchor, Badge, Button, Group, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { useSession } from '../../frame/session';
import { ConfirmButton } from '../../parts/confirm-button';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem-note';
import { When } from '../../parts/when';
import { ImportTemplate, NewTemplate } from './new-template';
import { TEMPLATES, templatesQuery, type TemplateItem } from './template-data';

/** Templates to begin a campaign with: the house's own, and those that come with the product. */
export function TemplatesScreen() {
  const { t } = useTranslation('content');
  const { can } = useSession();
  const templates = useQuery(templatesQuery);
  const mayWrite = can('templates:write');
  return (
    <Page
      title={t('templates.title')}
      actions={
        mayWrite && (
          <>
            <ImportTemplate />
            <NewTemplate />
          </>
        )
      }
    >
      <Text>{t('templates.what')}</Text>
      <Loaded query={templates}>
        {(found) =>
          found.length === 0 ? (
            <Nothing title={t('templates.none')} />
          ) : (
            <Table.ScrollContainer minWidth={560}>
              <Table verticalSpacing="sm">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('templates.name')}</Table.Th>
                    <Table.Th>{t('templates.channel')}</Table.Th>
                    <Table.Th>{t('templates.updated')}</Table.Th>
                    {mayWrite && <Table.Th>{t('templates.acts')}</Table.Th>}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {found.map((template) => (
                    <Row key={template.key} template={template} mayWrite={mayWrite} />
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

function Row({ template, mayWrite }: { template: TemplateItem; mayWrite: boolean }) {
  const { key, channel, bundled, updatedAt, description } = template;
  const { t, i18n } = useTranslation('content');
  const name = i18n.language === 'en' ? template.nameEn : template.nameSv;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/mallar/${key}`}>
          {name}
        </Anchor>
        {bundled && (
          <Badge ml="xs" variant="outline" size="sm" tt="none">
            {t('templates.bundled')}
          </Badge>
        )}
        {description && (
          <Text fz="sm" c="dimmed">
            {description}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{t(`channel.${channel}`)}</Table.Td>
      <Table.Td>{updatedAt ? <When at={updatedAt} /> : '–'}</Table.Td>
      {mayWrite && (
        <Table.Td>
          <Group gap="xs" wrap="nowrap">
            <CopyTemplate from={key} name={name} />
            {!bundled && <RemoveTemplate template={template} name={name} />}
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  );
}

/** Makes an own one of it and opens that. */
export function CopyTemplate(props: { from: string; name: string; label?: string }) {
  const { from, name, label } = props;
  const { t } = useTranslation('content');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const copy = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/templates', {
          body: { from, name: t('templates.copyOf', { name }).slice(0, 100) },
        }),
      ),
    onSuccess: async ({ key }) => {
      await queries.invalidateQueries({ queryKey: TEMPLATES });
      await navigate(`/mallar/${key}`);
    },
  });
  return (
    <>
      <Button
        variant="default"
        size="xs"
        loading={copy.isPending}
        onClick={() => copy.mutate()}
        aria-label={label ? undefined : t('templates.copyNamed', { name })}
      >
        {label ?? t('templates.copy')}
      </Button>
      {copy.isError && <ProblemNote error={copy.error} />}
    </>
  );
}

function RemoveTemplate({ template: { key }, name }: { template: TemplateItem; name: string }) {
  const { t } = useTranslation('content');
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/v1/templates/{key}', { params: { path: { key } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: TEMPLATES }),
  });
  return (
    <ConfirmButton
      label={t('templates.remove')}
      title={t('templates.removeTitle', { name })}
      act={() => remove.mutateAsync()}
      busy={remove.isPending}
      error={remove.error}
      button={{ size: 'xs' }}
    >
      {t('templates.removeWhat')}
    </ConfirmButton>
  );
}
