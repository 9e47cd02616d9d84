import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../parts/dialog';
import { CopyText } from './copy-text';

/** A secret that is shown this once: it is not to be closed by a click beside it. */
export function ShownOnce(props: {
  title: string;
  text: string;
  name: string;
  secret: string;
  close: () => void;
}) {
  const { t } = useTranslation('settings');
  return (
    <Dialog
      close={props.close}
      title={props.title}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text>{props.text}</Text>
        <CopyText text={props.secret} name={props.name} />
        <Group justify="flex-end">
          <Button onClick={props.close}>{t('haveIt')}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
