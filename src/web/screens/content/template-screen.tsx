import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams } from 'react-router';
import { answer, api } from '../../api/client';
import { asProblem } from '../../api/problem';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem-note';
import { ContentEditor } from './editor/content-editor';
import { wordsOf, type Draft } from './editor/draft';
import { useHistory } from './editor/history';
import { Preview } from './editor/preview';
import { useLeaving } from './editor/use-leaving';
import { usePreview } from './editor/use-preview';
import { CopyTemplate } from './templates-screen';
import { TEMPLATES, templateQuery, type Template } from './template-data';

/** One template: written when it is the house's own, else shown and copied. */
export function TemplateScreen() {
  const { key = '' } = useParams();
  const { t, i18n } = useTranslation('content');
  const { can } = useSession();
  const template = useQuery({ ...templateQuery(key), staleTime: Infinity, gcTime: 0 });
  const own = template.data?.bundled === false && can('templates:write');
  const name = i18n.language === 'en' ? template.data?.nameEn : template.data?.nameSv;
  return (
    <Page
      title={name ?? t('templates.one')}
      back={{ to: '/mallar', name: t('templates.title') }}
      size="100%"
    >
      <Loaded query={template}>
        {(data) =>
          own ? (
            <OwnTemplate key={`${key} ${data.version}`} template={data} />
          ) : (
            <ShownTemplate template={data} />
          )
        }
      </Loaded>
    </Page>
  );
}

interface TemplateDraft extends Draft {
  name: string;
}

function OwnTemplate({ template }: { template: Template }) {
  const { t } = useTranslation('content');
  const { state } = useLocation();
  const imported = (state as { source?: string } | null)?.source;
  const saved = toDraft(template);
  const isNew = template.version === 1 && imported !== undefined;
  const edited = useHistory<TemplateDraft>(
    isNew ? { ...saved, blocks: null, body: imported } : saved,
  );
  const { present: draft, change } = edited;
  const [version, setVersion] = useState(template.version);
  const [kept, setKept] = useState<TemplateDraft>(saved);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(kept);
  useLeaving(isChanged);
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (made: TemplateDraft) => {
      const { name, subject, preheader, channel } = made;
      const words = { subject, preheader, channel, description: template.description };
      const body = { nameSv: name, nameEn: name, ...words, ...wordsOf(made), version };
      return answer(
        api.PUT('/api/v1/templates/{key}', {
          params: { path: { key: template.key } },
          body: body as never,
        }),
      );
    },
    onSuccess: (answered, made) => {
      setVersion(answered.version);
      setKept(made);
      notifications.show({ message: t('template.saved') });
      return queries.invalidateQueries({ queryKey: TEMPLATES, exact: true });
    },
  });
  const put = (part: Partial<TemplateDraft>, about: string) => change({ ...draft, ...part }, about);
  return (
    <ContentEditor
      edited={{ ...edited, change: (next, about) => change({ ...draft, ...next }, about) }}
      goToLine={(path) => document.getElementById(path)?.focus()}
    >
      {save.isError && <Refused error={save.error} />}
      <Group align="end" gap="sm">
        <TextInput
          label={t('template.name')}
          required
          maxLength={100}
          value={draft.name}
          onChange={({ currentTarget }) => put({ name: currentTarget.value }, 'name')}
        />
        {draft.channel === 'email' && (
          <>
            <TextInput
              id="subject"
              label={t('line.subject')}
              flex="1 1 14rem"
              maxLength={250}
              value={draft.subject}
              onChange={({ currentTarget }) => put({ subject: currentTarget.value }, 'subject')}
            />
            <TextInput
              id="preheader"
              label={t('line.preheader')}
              flex="1 1 14rem"
              maxLength={250}
              value={draft.preheader}
              onChange={({ currentTarget }) => put({ preheader: currentTarget.value }, 'preheader')}
            />
          </>
        )}
        <Button
          loading={save.isPending}
          disabled={!isChanged || draft.name.trim() === ''}
          onClick={() => save.mutate(draft)}
        >
          {t('template.save')}
        </Button>
      </Group>
      <Text fz="sm" c="dimmed" role="status">
        {t(isChanged ? 'template.changed' : 'template.isSaved')}
      </Text>
    </ContentEditor>
  );
}

/** What is not finished stands in the list of the editor, with the way to it. */
function Refused({ error }: { error: Error }) {
  const { t } = useTranslation('content');
  const { code } = asProblem(error);
  if (code !== 'content_not_sendable') return <ProblemNote error={error} />;
  return (
    <Alert role="alert" color="red" variant="outline" title={t('template.refused')}>
      {t('template.refusedWhat')}
    </Alert>
  );
}

function ShownTemplate({ template }: { template: Template }) {
  const { t, i18n } = useTranslation('content');
  const { can } = useSession();
  const [contactId, setContactId] = useState<string | null>(null);
  const preview = usePreview(toDraft(template), { contactId: contactId ?? undefined });
  return (
    <Stack maw="46rem">
      {template.bundled && <Text>{t('template.bundled')}</Text>}
      {can('templates:write') && (
        <div>
          <CopyTemplate
            from={template.key}
            name={i18n.language === 'en' ? template.nameEn : template.nameSv}
            label={t('template.copy')}
          />
        </div>
      )}
      {template.channel === 'sms' ? (
        <Text style={{ whiteSpace: 'pre-wrap' }}>{preview.data?.text}</Text>
      ) : (
        <Preview query={preview} contactId={contactId} onContact={setContactId} />
      )}
    </Stack>
  );
}

function toDraft(template: Template): TemplateDraft {
  const { channel, subject, preheader, body, nameSv: name } = template;
  const blocks = template.blocks as unknown as Draft['blocks'];
  return { name, channel, language: 'sv', subject, preheader, body, blocks };
}
