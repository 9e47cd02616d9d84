import { Anchor, Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { answer, api, type Answer } from '../../../api/client';
import { Loaded } from '../../../parts/loaded';
import { Page } from '../../../parts/page';
import { ProblemNote } from '../../../parts/problem-note';
import { CopyText } from '../copy-text';
import { FormFields } from './form-fields';
import { FORMS } from './forms-query';

const BACK = '/installningar/formular';

/** One form: where it is, how it is put on another site, and its words. */
export function SignupForm() {
  const { t, i18n } = useTranslation('settings');
  const { id = '' } = useParams();
  const form = useQuery({
    queryKey: [...FORMS, id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/signup-forms/{id}', { params: { path: { id } }, signal })),
  });
  const name = i18n.language === 'en' ? form.data?.nameEn : form.data?.nameSv;
  return (
    <Page title={name ?? t('forms.one')} back={{ to: BACK, name: t('section.forms') }} size="44rem">
      <Loaded query={form}>{(data) => <Parts form={data} />}</Loaded>
    </Page>
  );
}

export function NewSignupForm() {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  return (
    <Page title={t('forms.add')} back={{ to: BACK, name: t('section.forms') }} size="44rem">
      <FormFields form={null} done={({ id }) => void navigate(`${BACK}/${id}`)} />
    </Page>
  );
}

function Parts({ form }: { form: Answer<'SignupFormWithCode'> }) {
  const { t } = useTranslation('settings');
  const queries = useQueryClient();
  const { id, closedAt, url, embed } = form;
  const close = useMutation({
    mutationFn: (closed: boolean) =>
      api.PATCH('/api/v1/signup-forms/{id}', { params: { path: { id } }, body: { closed } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: FORMS }),
  });
  return (
    <Stack gap="xl">
      <Stack gap="sm" align="flex-start">
        {closedAt ? (
          <>
            <Badge color="gray">{t('forms.closed')}</Badge>
            <Text>{t('forms.closedText')}</Text>
          </>
        ) : (
          <>
            <Anchor href={url} target="_blank" rel="noopener">
              {t('forms.open')}
            </Anchor>
            <CopyText text={url} name={t('forms.link')} />
          </>
        )}
        {close.isError && <ProblemNote error={close.error} />}
        <Button
          variant="default"
          size="xs"
          loading={close.isPending}
          onClick={() => close.mutate(!closedAt)}
        >
          {t(closedAt ? 'forms.reopen' : 'forms.close')}
        </Button>
      </Stack>
      <FormFields form={form} />
      {embed.sv && (
        <Stack gap="sm">
          <Title order={2}>{t('forms.embed')}</Title>
          <Text>{t('forms.embedText')}</Text>
          <Group align="stretch" grow preventGrowOverflow={false}>
            <CopyText text={embed.sv} name={t('forms.embedSv')} block />
          </Group>
          <CopyText text={embed.en} name={t('forms.embedEn')} block />
        </Stack>
      )}
    </Stack>
  );
}
