import './content-editor.css';
import { ActionIcon, Group, Stack, Text } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { lazy, Suspense, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useSession } from '../../../frame/session';
import { Busy } from '../../../parts/busy';
import { ConfirmButton } from '../../../parts/confirm-button';
import { BlockEditor } from './block-editor';
import { asSource, type Draft } from './draft';
import { useFocusOn } from './focus-on';
import type { Edited } from './history';
import { Preview } from './preview';
import { ProblemList } from './problem-list';
import { SmsEditor } from './sms-editor';
import { usePreview, type ProblemItem } from './use-preview';

const SourceEditor = lazy(async () => ({
  default: (await import('./source-editor')).SourceEditor,
}));

/** Writes a mail or a text message: blocks or source, how it will look, and what is still to be done. */
export function ContentEditor(props: {
  edited: Edited<Draft>;
  senderName?: string;
  /** Leads to where the subject and the preheader are written. */
  goToLine: (path: 'subject' | 'preheader') => void;
  children?: ReactNode;
}) {
  const { edited, senderName, goToLine, children } = props;
  const { present: draft, change, undo, redo } = edited;
  const { t } = useTranslation('content');
  const [contactId, setContactId] = useState<string | null>(null);
  const [line, setLine] = useState<{ number: number } | null>(null);
  const [chosen, choose] = useChosen();
  const focusOn = useFocusOn();
  const preview = usePreview(draft, { senderName, contactId: contactId ?? undefined });
  const problems = useMemo(() => preview.data?.problems ?? [], [preview.data]);
  const faulty = useMemo(
    () =>
      new Set(
        problems.flatMap(({ severity, block }) => (severity === 'error' && block ? block : [])),
      ),
    [problems],
  );
  const placeOf = (problem: ProblemItem) => {
    const { path, block, line: number } = problem;
    const at = draft.blocks?.find(({ id }) => id === block);
    if (at) {
      const go = () => {
        choose(at.id);
        focusOn('#block-settings');
      };
      return { name: t(`block.${at.type}`), go };
    }
    if (path === 'subject' || path === 'preheader') {
      return { name: t(`line.${path}`), go: () => goToLine(path) };
    }
    if (draft.channel === 'sms') return { name: t('sms.body'), go: () => focusOn('#sms-body') };
    if (draft.blocks !== null || number === undefined) return null;
    return { name: t('source.line', { line: number }), go: () => setLine({ number }) };
  };
  const onKey = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== 'z' && key !== 'y') return;
    event.preventDefault();
    event.stopPropagation();
    if (key === 'y' || event.shiftKey) redo();
    else undo();
  };
  const list = <ProblemList problems={problems} placeOf={placeOf} />;
  const shown = <Preview query={preview} contactId={contactId} onContact={setContactId} />;
  return (
    // The keys of undoing mean the whole mail wherever in it one stands.
    <Stack onKeyDownCapture={onKey}>
      <Bar edited={edited} />
      {children}
      {draft.channel === 'sms' ? (
        <>
          <SmsEditor
            body={draft.body}
            onChange={(body, about) => change({ ...draft, body }, about)}
            shown={preview.data}
          />
          {list}
        </>
      ) : draft.blocks ? (
        <div className="content-editor" data-blocks>
          <BlockEditor
            blocks={draft.blocks}
            onChange={(blocks, about) => change({ ...draft, blocks }, about)}
            chosen={chosen}
            choose={choose}
            faulty={faulty}
            focusOn={focusOn}
          >
            <Stack>
              {list}
              {shown}
            </Stack>
          </BlockEditor>
        </div>
      ) : (
        <div className="content-editor">
          <Stack>
            <Suspense fallback={<Busy />}>
              <SourceEditor
                label={t('source.label')}
                value={draft.body}
                onChange={(body) => change({ ...draft, body }, 'body')}
                line={line}
              />
            </Suspense>
            {list}
          </Stack>
          {shown}
        </div>
      )}
    </Stack>
  );
}

/** The chosen block stands in the address: a problem can be pointed at. */
function useChosen(): [string | null, (id: string | null) => void] {
  const [search, setSearch] = useSearchParams();
  const choose = (id: string | null) =>
    setSearch(
      (before) => {
        if (id === null) before.delete('block');
        else before.set('block', id);
        return before;
      },
      { replace: true },
    );
  return [search.get('block'), choose];
}

function Bar({ edited }: { edited: Edited<Draft> }) {
  const { present: draft, change, undo, redo, canUndo, canRedo } = edited;
  const { t } = useTranslation('content');
  const { can } = useSession();
  return (
    <Group justify="space-between">
      <Group gap="xs">
        <Step label={t('undo')} off={!canUndo} act={undo}>
          <IconArrowBackUp size={20} aria-hidden />
        </Step>
        <Step label={t('redo')} off={!canRedo} act={redo}>
          <IconArrowForwardUp size={20} aria-hidden />
        </Step>
      </Group>
      {draft.channel === 'email' && draft.blocks && can('templates:write') && (
        <ConfirmButton
          label={t('source.open')}
          title={t('source.title')}
          act={async () => change(asSource(draft))}
          busy={false}
          button={{ size: 'xs', variant: 'subtle' }}
        >
          <Text>{t('source.warning')}</Text>
        </ConfirmButton>
      )}
    </Group>
  );
}

function Step(props: { label: string; off: boolean; act: () => void; children: ReactNode }) {
  const { label, off, act, children } = props;
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={label}
      title={label}
      aria-disabled={off}
      data-disabled={off || undefined}
      onClick={off ? undefined : act}
    >
      {children}
    </ActionIcon>
  );
}
