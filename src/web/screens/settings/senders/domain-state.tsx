import { Alert, Badge, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { useSession } from '../../../frame/session';
import { Help } from '../../../parts/help';
import { ProblemNote } from '../../../parts/problem-note';
import { When } from '../../../parts/when';
import { SENDERS } from './senders-query';

const PARTS = ['spf', 'dkim', 'dmarc'] as const;

/** What DNS says of a sender's domain, in words, with what to do about it. */
export function DomainState(props: {
  email: string;
  domain: Answer<'SenderDomain'> | null;
  required: boolean;
}) {
  const { t } = useTranslation('settings');
  const { can } = useSession();
  const queries = useQueryClient();
  const domain = props.email.slice(props.email.lastIndexOf('@') + 1);
  const check = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/senders/check-domain', { body: { domain } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: SENDERS }),
  });
  const found = props.domain;
  const missing = found ? PARTS.filter((part) => !found[part]) : [];
  return (
    <Stack gap="xs" align="flex-start" aria-live="polite">
      {found ? (
        <Group gap="xs">
          {PARTS.map((part) => (
            <Badge key={part} variant="outline" color={found[part] ? 'green' : 'red'}>
              {part.toUpperCase()} {found[part] ? '✓' : `– ${t('senders.missing')}`}
            </Badge>
          ))}
          <Text fz="sm" c="dimmed">
            {t('senders.checked')} <When at={found.checkedAt} />
          </Text>
          <Help about="domain" />
        </Group>
      ) : (
        <Text fz="sm">{t('senders.unchecked', { domain })}</Text>
      )}
      {missing.length > 0 && found && (
        <Alert
          color="yellow"
          variant="outline"
          title={t(props.required ? 'senders.stops' : 'senders.risks', { domain })}
          w="100%"
        >
          <ul className="to-mend">
            {missing.map((part) => (
              <li key={part}>
                {t(`senders.mend.${part}`, { domain })}
                {found.details[part] && (
                  <>
                    {' '}
                    {t('senders.found')} <Code>{found.details[part]}</Code>
                  </>
                )}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {check.isError && <ProblemNote error={check.error} />}
      {can('settings:write') && (
        <Button
          variant="default"
          size="xs"
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          {t('senders.check', { domain })}
        </Button>
      )}
    </Stack>
  );
}
