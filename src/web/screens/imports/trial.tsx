import { Alert, Button, Group, List, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../api/client';
import { Loaded } from '../../parts/loaded';
import { useNumbers } from '../../parts/numbers';
import { ProblemNote } from '../../parts/problem-note';
import { Counts } from './counts';
import { StepTitle } from './step-title';
import { useStep, type Detail } from './import-queries';

type Trial = Answer<'DryRunResult'>;

/** The fourth step: what would become of every row, before anything is written. */
export function Trial({ detail, back }: { detail: Detail; back: () => void }) {
  const { t } = useTranslation('imports');
  const { count } = useNumbers();
  const { id, warnings } = detail;
  const step = useStep(id);
  const trial = useQuery({
    queryKey: ['import trial', id],
    queryFn: ({ signal }) =>
      answer(api.POST('/api/v1/imports/{id}/dry-run', { params: { path: { id } }, signal })),
    // Asked anew each time one comes here, and never in between: it reads the whole file.
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const good = (counts: Trial['counts']) => counts.rows - counts.faulty;
  return (
    <Stack gap="lg">
      <StepTitle>{t('trial.title')}</StepTitle>
      {warnings.length > 0 && (
        <Alert color="yellow" variant="light">
          <Text fw={600}>{t('trial.warnings')}</Text>
          <List size="sm">
            {warnings.map((code) => (
              <List.Item key={code}>{t(`warning.${code}`)}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {trial.isFetching && <Text role="status">{t('trial.reading')}</Text>}
      <Loaded query={trial}>
        {({ counts, rows }) => (
          <>
            <Counts counts={counts} id={id} />
            {step.isError && <ProblemNote error={step.error} />}
            <Group>
              <Button variant="default" onClick={back}>
                {t('back')}
              </Button>
              <Button
                disabled={good(counts) === 0}
                loading={step.isPending}
                onClick={() => step.mutate('start')}
              >
                {t('trial.start', { count: good(counts), number: count(good(counts)) })}
              </Button>
            </Group>
            <Rows rows={rows} />
          </>
        )}
      </Loaded>
      {trial.isError && (
        <Group>
          <Button variant="default" onClick={back}>
            {t('back')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Rows({ rows }: { rows: Trial['rows'] }) {
  const { t } = useTranslation('imports');
  return (
    <Stack>
      <Title order={3}>{t('trial.first', { count: rows.length })}</Title>
      <Table.ScrollContainer
        minWidth={560}
        type="native"
        tabIndex={0}
        role="region"
        aria-label={t('trial.title')}
      >
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('trial.line')}</Table.Th>
              <Table.Th>{t('trial.person')}</Table.Th>
              <Table.Th>{t('trial.becomes')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ line, name, email, verdict, faults }) => (
              <Table.Tr key={line}>
                <Table.Td>{line}</Table.Td>
                <Table.Td>{[name, email].filter(Boolean).join(', ')}</Table.Td>
                <Table.Td>
                  {t(`verdict.${verdict}`)}
                  {faults.map(({ path, message }) => (
                    <Text key={`${path} ${message}`} fz="sm" c="var(--mantine-color-error)">
                      {message}
                    </Text>
                  ))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
