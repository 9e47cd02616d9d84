import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../api/problem';
import { useProblemText } from './problem-text';

/** What went wrong, in words, with the code to tell support, and a way to try again where there is one. */
export function ProblemNote({ error, retry }: { error: unknown; retry?: () => unknown }) {
  const { t } = useTranslation('frame');
  const problem = asProblem(error);
  const text = useProblemText()(problem);
  return (
    <Alert
      role="alert"
      color="red"
      variant="outline"
      title={t('problem')}
      icon={<IconAlertTriangle aria-hidden />}
    >
      <Stack gap="xs" align="flex-start">
        <Text>{text}</Text>
        {problem.faults.length > 0 && <Faults error={problem} />}
        {retry && (
          <Button variant="default" onClick={() => void retry()}>
            {t('again')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function Faults({ error }: { error: unknown }) {
  return (
    <ul>
      {asProblem(error).faults.map(({ path, message }) => (
        <li key={`${path} ${message}`}>
          <code>{path}</code>: {message}
        </li>
      ))}
    </ul>
  );
}
