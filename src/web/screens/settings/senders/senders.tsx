import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { useSession } from '../../../frame/session';
import { ConfirmButton } from '../../../parts/confirm-button';
import { Loaded } from '../../../parts/loaded';
import { Page } from '../../../parts/page';
import { DomainState } from './domain-state';
import { SenderForm } from './sender-form';
import { SENDERS } from './senders-query';

/** Whom campaigns may be from, and whether mailbox providers believe it. */
export function Senders() {
  const { t } = useTranslation('settings');
  const { can } = useSession();
  const [form, setForm] = useState<Answer<'SenderView'> | 'new' | null>(null);
  const senders = useQuery({
    queryKey: SENDERS,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/senders', { signal })),
  });
  const mayChange = can('settings:write');
  const add = <Button onClick={() => setForm('new')}>{t('senders.add')}</Button>;
  return (
    <Page title={t('section.senders')} actions={mayChange && add} size="52rem">
      <Text>{t('senders.what')}</Text>
      <Loaded query={senders}>
        {({ items, fromSettings, domainCheckRequired }) => (
          <Stack>
            {items.length === 0 && (
              <Card withBorder>
                <Stack gap="sm">
                  <Title order={2} fz="h4">
                    {fromSettings.name} &lt;{fromSettings.email}&gt;
                  </Title>
                  <Text c="dimmed">{t('senders.fromSettings')}</Text>
                  <DomainState
                    email={fromSettings.email}
                    domain={fromSettings.domain}
                    required={domainCheckRequired}
                  />
                </Stack>
              </Card>
            )}
            {items.map((sender) => (
              <Sender
                key={sender.id}
                sender={sender}
                required={domainCheckRequired}
                edit={mayChange ? () => setForm(sender) : undefined}
                last={items.length === 1}
              />
            ))}
          </Stack>
        )}
      </Loaded>
      {form && <SenderForm sender={form === 'new' ? null : form} close={() => setForm(null)} />}
    </Page>
  );
}

function Sender(props: {
  sender: Answer<'SenderView'>;
  required: boolean;
  edit?: () => void;
  last: boolean;
}) {
  const { t } = useTranslation('settings');
  const { id, name, email, replyTo, isDefault, domain } = props.sender;
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/v1/senders/{id}', { params: { path: { id } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: SENDERS }),
  });
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} fz="h4">
            {name} &lt;{email}&gt;
          </Title>
          {isDefault && <Badge variant="light">{t('senders.default')}</Badge>}
        </Group>
        <Text c="dimmed">
          {replyTo ? t('senders.answersTo', { email: replyTo }) : t('senders.answersToService')}
        </Text>
        <DomainState email={email} domain={domain} required={props.required} />
        {props.edit && (
          <Group gap="sm">
            <Button variant="default" size="xs" onClick={props.edit}>
              {t('change')}
            </Button>
            {(!isDefault || props.last) && (
              <ConfirmButton
                label={t('senders.remove')}
                title={t('senders.removeTitle', { name })}
                act={() => remove.mutateAsync()}
                busy={remove.isPending}
                error={remove.error}
                button={{ size: 'xs' }}
              >
                {t('senders.removeText')}
              </ConfirmButton>
            )}
          </Group>
        )}
      </Stack>
    </Card>
  );
}
