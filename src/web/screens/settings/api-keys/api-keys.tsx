import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { ConfirmButton } from '../../../parts/confirm-button';
import { Loaded } from '../../../parts/loaded';
import { Nothing } from '../../../parts/nothing';
import { Page } from '../../../parts/page';
import { When } from '../../../parts/when';
import { ShownOnce } from '../shown-once';
import { ApiKeyForm } from './api-key-form';
import { KEYS, textKeyOf } from './permission-groups';

/** Other systems, and what each may do. */
export function ApiKeys() {
  const { t } = useTranslation('settings');
  const [adding, setAdding] = useState(false);
  const [fresh, setFresh] = useState<Answer<'NewApiKey'> | null>(null);
  const keys = useQuery({
    queryKey: KEYS,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/api-keys', { signal })),
  });
  const add = <Button onClick={() => setAdding(true)}>{t('keys.add')}</Button>;
  return (
    <Page title={t('section.keys')} actions={keys.data?.items.length ? add : null} size="52rem">
      <Text>{t('keys.what')}</Text>
      <Loaded query={keys}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title={t('keys.none')} text={t('keys.noneText')}>
              {add}
            </Nothing>
          ) : (
            <Stack>
              {items.map((key) => (
                <Key key={key.id} apiKey={key} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      {adding && <ApiKeyForm close={() => setAdding(false)} made={setFresh} />}
      {fresh && (
        <ShownOnce
          title={t('keys.madeTitle', { name: fresh.name })}
          text={t('keys.madeText')}
          name={t('keys.key')}
          secret={fresh.key}
          close={() => setFresh(null)}
        />
      )}
    </Page>
  );
}

function Key({ apiKey }: { apiKey: Answer<'ApiKey'> }) {
  const { t } = useTranslation('settings');
  const { id, name, prefix, permissions, createdAt, lastUsedAt, revokedAt } = apiKey;
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEYS }),
  });
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} fz="h4">
            {name}
          </Title>
          {revokedAt && <Badge color="gray">{t('keys.revoked')}</Badge>}
        </Group>
        <Text fz="sm">
          {prefix}… · {t('keys.made')} <When at={createdAt} form="day" /> ·{' '}
          {lastUsedAt ? (
            <>
              {t('keys.used')} <When at={lastUsedAt} />
            </>
          ) : (
            t('keys.neverUsed')
          )}
        </Text>
        <Text fz="sm" c="dimmed">
          {permissions.map((permission) => t(`permission.${textKeyOf(permission)}`)).join(' · ')}
        </Text>
        {!revokedAt && (
          <div>
            <ConfirmButton
              label={t('keys.revoke')}
              title={t('keys.revokeTitle', { name })}
              act={() => revoke.mutateAsync()}
              busy={revoke.isPending}
              error={revoke.error}
              button={{ size: 'xs' }}
            >
              {t('keys.revokeText')}
            </ConfirmButton>
          </div>
        )}
      </Stack>
    </Card>
  );
}
