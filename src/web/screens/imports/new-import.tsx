import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem-note';
import { FileField } from './file-field';
import { Steps } from './steps';
import { IMPORTS, type Import } from './import-queries';

const KINDS = ['company_contact', 'learner', 'newsletter_subscriber'] as const;

/** The first step: who they are, and the file. */
export function NewImport() {
  const { t } = useTranslation('imports');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [kind, setKind] = useState<Import['kind']>('company_contact');
  const [file, setFile] = useState<File | null>(null);
  const [missing, setMissing] = useState(false);
  const upload = useMutation({
    mutationFn: (chosen: File) => {
      const form = new FormData();
      form.set('kind', kind);
      form.set('file', chosen);
      // The description of the API has the file as text; the form is sent as it is.
      return answer(
        api.POST('/api/v1/imports', {
          body: { file: '', kind },
          bodySerializer: () => form,
        }),
      );
    },
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: IMPORTS });
      await navigate(`/kontakter/import/${id}`);
    },
  });
  return (
    <Page title={t('file.title')} back={{ to: '/kontakter/import', name: t('title') }} size="48rem">
      <Steps at="file" />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setMissing(file === null);
          if (file) upload.mutate(file);
        }}
      >
        <Stack gap="lg">
          {upload.isError && <ProblemNote error={upload.error} />}
          <Radio.Group
            label={t('file.who')}
            value={kind}
            onChange={(value) => setKind(value as Import['kind'])}
          >
            <Stack gap="sm" mt="xs">
              {KINDS.map((value) => (
                <Radio
                  key={value}
                  value={value}
                  label={t(`kind.${value}.name`)}
                  description={t(`kind.${value}.what`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          <FileField file={file} choose={setFile} error={missing && !file} />
          <Text c="dimmed" fz="sm">
            {t('file.safe')}
          </Text>
          <Group>
            <Button type="submit" loading={upload.isPending}>
              {t('file.upload')}
            </Button>
          </Group>
          {upload.isPending && <Text role="status">{t('file.uploading')}</Text>}
        </Stack>
      </form>
    </Page>
  );
}
