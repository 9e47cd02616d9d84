import { Anchor, Group, List, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ProblemItem } from './use-preview';

/** What must and what might be done, each leading to its place. */
export function ProblemList(props: {
  problems: readonly ProblemItem[];
  /** What a problem's place is called, and the way there; null when it has none here. */
  placeOf: (problem: ProblemItem) => { name: string; go: () => void } | null;
}) {
  const { problems, placeOf } = props;
  const { t } = useTranslation('content');
  return (
    <Stack gap="xs" component="section" aria-label={t('problem.title')}>
      {problems.length > 0 && (
        <Title order={2} fz="h3">
          {t('problem.title')}
        </Title>
      )}
      <div role="status">
        {problems.length === 0 ? (
          <Group gap="xs">
            <IconCircleCheck size={20} aria-hidden />
            <Text>{t('problem.none')}</Text>
          </Group>
        ) : (
          <Text fz="sm" c="dimmed">
            {t('problem.count', { count: problems.length })}
          </Text>
        )}
      </div>
      <List listStyleType="none" spacing="xs">
        {problems.map((problem, index) => {
          const place = placeOf(problem);
          const isError = problem.severity === 'error';
          const Mark = isError ? IconAlertTriangle : IconInfoCircle;
          return (
            <List.Item
              key={index}
              icon={
                <Mark
                  size={18}
                  aria-hidden
                  color={isError ? 'var(--mantine-color-error)' : undefined}
                />
              }
            >
              <Text fz="sm">
                <strong>{t(isError ? 'problem.must' : 'problem.might')}</strong> {problem.message}{' '}
                {place && (
                  <Anchor component="button" type="button" fz="sm" onClick={place.go}>
                    {t('problem.show', { place: place.name })}
                  </Anchor>
                )}
              </Text>
            </List.Item>
          );
        })}
      </List>
    </Stack>
  );
}
