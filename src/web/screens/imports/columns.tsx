import { Button, Group, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { asProblem } from '../../api/problem';
import { ProblemNote } from '../../parts/problem-note';
import { useColumnUses } from './column-uses';
import { StepTitle } from './step-title';
import { useSettings, type Detail } from './import-queries';

type Column = Answer<'ImportColumn'>;
const LEFT_OUT = '';

/** The second step: what each column holds, beside what stands in it. */
export function Columns({ detail, next }: { detail: Detail; next: () => void }) {
  const { t } = useTranslation('imports');
  const settings = useSettings(detail.id);
  const form = useForm<{ columns: Record<number, string> }>({
    initialValues: {
      columns: Object.fromEntries(detail.columns.map(({ index, use }) => [index, use ?? LEFT_OUT])),
    },
  });
  const save = ({ columns }: { columns: Record<number, string> }) =>
    settings.mutate(
      {
        columns: detail.columns.map(({ index }) => ({ index, use: columns[index] || null })),
      },
      {
        onSuccess: next,
        onError: (error) =>
          form.setErrors(asProblem(error).byField(({ code }) => t(`fault.${code}`))),
      },
    );
  return (
    <form onSubmit={form.onSubmit(save)}>
      <Stack>
        <StepTitle>{t('columns.title')}</StepTitle>
        <Text>
          {t('columns.read', {
            encoding: t(`encoding.${detail.encoding}`),
            delimiter: t(`delimiter.${nameOfDelimiter(detail.delimiter)}`),
          })}
        </Text>
        {settings.isError && asProblem(settings.error).faults.length === 0 && (
          <ProblemNote error={settings.error} />
        )}
        <Table.ScrollContainer minWidth={280}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('columns.header')}</Table.Th>
                <Table.Th visibleFrom="sm">{t('columns.sample')}</Table.Th>
                <Table.Th>{t('columns.use')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {detail.columns.map((column) => (
                <Row
                  key={column.index}
                  column={column}
                  sample={detail.sample.map((row) => row[column.index] ?? '')}
                  field={form.getInputProps(`columns.${column.index}`)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <Group>
          <Button type="submit" loading={settings.isPending}>
            {t('next')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Row(props: { column: Column; sample: string[]; field: object }) {
  const { t } = useTranslation('imports');
  const { column, sample, field } = props;
  const uses = useColumnUses(column.use ?? null);
  const { header, problem, suggestion } = column;
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {header || t('columns.nameless')}
        <Sample values={sample} hiddenFrom="sm" />
      </Table.Th>
      <Table.Td visibleFrom="sm">
        <Sample values={sample} />
      </Table.Td>
      <Table.Td>
        <NativeSelect
          aria-label={t('columns.useOf', { header })}
          description={
            problem &&
            t(`problem.${problem}`) + (suggestion ? ` ${t('columns.meant', { suggestion })}` : '')
          }
          inputWrapperOrder={['input', 'description', 'error']}
          data={[{ value: LEFT_OUT, label: t('columns.leftOut') }, ...uses]}
          {...field}
        />
      </Table.Td>
    </Table.Tr>
  );
}

function Sample({ values, hiddenFrom }: { values: string[]; hiddenFrom?: 'sm' }) {
  return (
    <Text fz="sm" fw={400} c="dimmed" style={{ whiteSpace: 'pre-line' }} hiddenFrom={hiddenFrom}>
      {values.filter(Boolean).join('\n')}
    </Text>
  );
}

function nameOfDelimiter(delimiter: string): string {
  const names: Record<string, string> = { ';': 'semicolon', ',': 'comma', '\t': 'tab', '|': 'bar' };
  return names[delimiter] ?? 'other';
}
