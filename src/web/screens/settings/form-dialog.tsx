import { Button, Group, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../parts/dialog';
import { ProblemNote } from '../../parts/problem-note';

/** A form in a dialog; the button names the act. */
export function FormDialog(props: {
  title: string;
  act: string;
  close: () => void;
  submit: (event?: FormEvent<HTMLFormElement>) => void;
  busy: boolean;
  error: unknown;
  children: ReactNode;
}) {
  const { t } = useTranslation('frame');
  return (
    <Dialog close={props.close} title={props.title} size="lg">
      <form onSubmit={props.submit} noValidate>
        <Stack>
          {props.error !== null && <ProblemNote error={props.error} />}
          {props.children}
          <Group justify="flex-end">
            <Button variant="default" onClick={props.close}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={props.busy}>
              {props.act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
