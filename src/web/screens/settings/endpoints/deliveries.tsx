import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { Dialog } from '../../../parts/dialog';
import { Loaded } from '../../../parts/loaded';
import { When } from '../../../parts/when';
import { ENDPOINTS, textOf } from './endpoints-query';

type Delivery = Answer<'WebhookDelivery'>;

/** What one system was told, and what it answered: the newest of the last thirty days. */
export function Deliveries({ endpointId, close }: { endpointId: string; close: () => void }) {
  const { t } = useTranslation('settings');
  const key = [...ENDPOINTS, endpointId];
  const queries = useQueryClient();
  const deliveries = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/webhook-endpoints/{id}/deliveries', {
          params: { path: { id: endpointId } },
          signal,
        }),
      ),
    refetchInterval: 5_000,
  });
  const again = useMutation({
    mutationFn: (delivery: string) =>
      answer(
        api.POST('/api/v1/webhook-endpoints/{id}/deliveries/{delivery}/again', {
          params: { path: { id: endpointId, delivery } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  });
  return (
    <Dialog close={close} title={t('endpoints.logTitle')} size="lg">
      <Loaded query={deliveries}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{t('endpoints.logNone')}</Text>
          ) : (
            <Stack component="ul" gap="md" m={0} p={0} style={{ listStyle: 'none' }}>
              {items.map((delivery) => (
                <Group key={delivery.id} component="li" justify="space-between" align="flex-start">
                  <Outcome delivery={delivery} />
                  {!delivery.deliveredAt && (
                    <Button
                      variant="default"
                      size="xs"
                      loading={again.isPending && again.variables === delivery.id}
                      onClick={() => again.mutate(delivery.id)}
                    >
                      {t('endpoints.again')}
                    </Button>
                  )}
                </Group>
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Dialog>
  );
}

/** What it was about, when it was tried last, and how that went. */
export function Outcome({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation('settings');
  const { type, createdAt, triedAt, deliveredAt, nextAt, status, answer: said } = delivery;
  return (
    <div>
      <Text fz="sm">
        {t(`endpoints.event.${textOf(type)}`)} · <When at={triedAt ?? createdAt} />
      </Text>
      <Text fz="sm" c={deliveredAt || !triedAt ? 'dimmed' : 'var(--mantine-color-error)'}>
        {!triedAt
          ? t('endpoints.notYet')
          : t(deliveredAt ? 'endpoints.arrived' : 'endpoints.refused', {
              status: status ?? t('endpoints.noAnswer'),
            })}
        {!deliveredAt && said && ` ${said}`}
      </Text>
      {triedAt && !deliveredAt && nextAt && (
        <Text fz="sm">
          {t('endpoints.next')} <When at={nextAt} />
        </Text>
      )}
    </div>
  );
}
