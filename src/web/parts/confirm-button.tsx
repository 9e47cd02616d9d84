import { Button, Group, Stack, Text, type ButtonProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import { Dialog } from './dialog';
import { ProblemNote } from './problem-note';

/** A button for what cannot be taken back: says what will happen, and names the act on the button that does it. */
export function ConfirmButton(props: {
  label: string;
  title: string;
  children: ReactNode;
  act: () => Promise<unknown>;
  busy: boolean;
  error?: unknown;
  button?: ButtonProps;
}) {
  const { t } = useTranslation('frame');
  const [open, dialog] = useDisclosure();
  const act = async () => {
    await props.act().then(dialog.close, () => {});
  };
  return (
    <>
      <Button variant="default" {...props.button} onClick={dialog.open}>
        {props.label}
      </Button>
      {open && (
        <Dialog close={dialog.close} title={props.title} centered>
          <Stack>
            <Text component="div">{props.children}</Text>
            {props.error !== undefined && props.error !== null && (
              <ProblemNote error={props.error} />
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={dialog.close}>
                {t('cancel')}
              </Button>
              <Button color="red" loading={props.busy} onClick={() => void act()}>
                {props.label}
              </Button>
            </Group>
          </Stack>
        </Dialog>
      )}
    </>
  );
}
