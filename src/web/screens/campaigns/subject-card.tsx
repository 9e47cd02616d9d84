import { Paper, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { readable } from './campaign-words';
import { Card } from './card';
import type { CardProps } from './card-props';

/** Longer ones are cut off on a telephone. */
const SUBJECT_SHOWN = 50;
const PREHEADER_SHOWN = 90;

/** What one sees before opening it. */
export function SubjectCard({ draft, faults, errors }: CardProps) {
  const { t } = useTranslation('campaigns');
  const { values, change } = draft;
  const { subject, preheader, senderName, defaultSender } = values;
  const length = (text: string, shown: number) =>
    t(text.length > shown ? 'subject.long' : 'subject.length', { count: text.length, shown });
  return (
    <Card title={t('card.subject')} help="preheader" faults={faults}>
      <Stack maw="40rem">
        <TextInput
          label={t('subject.subject')}
          description={length(subject, SUBJECT_SHOWN)}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={subject}
          maxLength={250}
          error={errors.subject}
          onChange={({ currentTarget }) => change({ subject: currentTarget.value })}
        />
        <TextInput
          label={t('subject.preheader')}
          description={length(preheader, PREHEADER_SHOWN)}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={preheader}
          maxLength={250}
          error={errors.preheader}
          onChange={({ currentTarget }) => change({ preheader: currentTarget.value })}
        />
        <Paper component="figure" withBorder p="sm" m={0} aria-label={t('subject.inbox')}>
          <Text fz="sm" fw={700} truncate>
            {senderName ?? defaultSender.name}
          </Text>
          <Text fz="sm" truncate>
            {readable(subject) || t('subject.none')}
          </Text>
          <Text fz="sm" c="dimmed" truncate>
            {readable(preheader)}
          </Text>
        </Paper>
      </Stack>
    </Card>
  );
}
