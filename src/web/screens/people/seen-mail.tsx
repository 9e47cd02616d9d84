import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../api/client';
import { Dialog } from '../../parts/dialog';
import { Loaded } from '../../parts/loaded';

/** "What did you send me?" The mail as the person got it; its links lead nowhere. */
export function SeenMail(props: { contactId: string; messageId: string }) {
  const { t } = useTranslation('people');
  const [open, dialog] = useDisclosure();
  return (
    <>
      <Button size="compact-sm" variant="subtle" ml={-8} onClick={dialog.open}>
        {t('seen.open')}
      </Button>
      {open && <SeenDialog {...props} close={dialog.close} />}
    </>
  );
}

function SeenDialog(props: { contactId: string; messageId: string; close: () => void }) {
  const { t } = useTranslation('people');
  const { contactId, messageId, close } = props;
  const message = useQuery({
    queryKey: ['seen', contactId, messageId],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/contacts/{id}/messages/{messageId}', {
          params: { path: { id: contactId, messageId } },
          signal,
        }),
      ),
  });
  return (
    <Dialog close={close} size="48rem" title={t('seen.title')}>
      <Loaded query={message}>{(seen) => <Seen message={seen} />}</Loaded>
    </Dialog>
  );
}

function Seen({ message }: { message: Answer<'SeenMessage'> }) {
  const { t } = useTranslation('people');
  const { subject, html, text } = message;
  return (
    <Stack gap="sm">
      {subject && <Text fw={600}>{subject}</Text>}
      <Text c="dimmed" fz="sm">
        {t('seen.today')}
      </Text>
      {html ? (
        <iframe
          sandbox=""
          srcDoc={html}
          title={subject}
          style={{ width: '100%', height: '65vh', border: 0, background: 'white' }}
        />
      ) : (
        <Text style={{ whiteSpace: 'pre-wrap' }}>{text}</Text>
      )}
    </Stack>
  );
}
