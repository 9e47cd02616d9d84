import { Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Card } from './card';
import type { CardProps } from './card-props';

/** Who it comes from; left empty it is the company's own. */
export function SenderCard({ draft, faults, errors }: CardProps) {
  const { t } = useTranslation('campaigns');
  const { values, change } = draft;
  const { name, email, replyTo } = values.defaultSender;
  return (
    <Card title={t('card.sender')} faults={faults}>
      <Stack maw="32rem">
        <TextInput
          label={t('sender.name')}
          placeholder={name}
          value={values.senderName ?? ''}
          maxLength={100}
          error={errors.senderName}
          onChange={({ currentTarget }) => change({ senderName: currentTarget.value || null })}
        />
        {values.channel === 'email' && (
          <>
            <TextInput
              label={t('sender.email')}
              placeholder={email}
              type="email"
              value={values.senderEmail ?? ''}
              error={errors.senderEmail}
              onChange={({ currentTarget }) => change({ senderEmail: currentTarget.value || null })}
            />
            <TextInput
              label={t('sender.replyTo')}
              placeholder={replyTo}
              type="email"
              value={values.replyTo ?? ''}
              error={errors.replyTo}
              onChange={({ currentTarget }) => change({ replyTo: currentTarget.value || null })}
            />
          </>
        )}
      </Stack>
    </Card>
  );
}
