import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../../api/client';
import { Loaded } from '../../../parts/loaded';
import { Nothing } from '../../../parts/nothing';
import { Page } from '../../../parts/page';
import { ShownOnce } from '../shown-once';
import { Endpoint } from './endpoint';
import { EndpointForm } from './endpoint-form';
import { ENDPOINTS } from './endpoints-query';

/** Systems that are told of what happens here. */
export function Endpoints() {
  const { t } = useTranslation('settings');
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const endpoints = useQuery({
    queryKey: ENDPOINTS,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/webhook-endpoints', { signal })),
    refetchInterval: 15_000,
  });
  const add = <Button onClick={() => setAdding(true)}>{t('endpoints.add')}</Button>;
  return (
    <Page
      title={t('section.endpoints')}
      actions={endpoints.data?.items.length ? add : null}
      size="52rem"
    >
      <Text>{t('endpoints.what')}</Text>
      <Loaded query={endpoints}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title={t('endpoints.none')} text={t('endpoints.noneText')}>
              {add}
            </Nothing>
          ) : (
            <Stack>
              {items.map((endpoint) => (
                <Endpoint key={endpoint.id} endpoint={endpoint} showSecret={setSecret} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      {adding && (
        <EndpointForm close={() => setAdding(false)} made={(made) => setSecret(made.secret)} />
      )}
      {secret !== null && (
        <ShownOnce
          title={t('endpoints.secretTitle')}
          text={t('endpoints.secretText')}
          name={t('endpoints.secret')}
          secret={secret}
          close={() => setSecret(null)}
        />
      )}
    </Page>
  );
}
