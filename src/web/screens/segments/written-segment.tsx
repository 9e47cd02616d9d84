import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Group as Tree } from '../../../domain/segment/tree';
import type { Answer } from '../../api/client';
import { asProblem } from '../../api/problem';
import { ProblemNote } from '../../parts/problem-note';
import { useWhen } from '../../parts/when';
import { useLeaving } from '../content/editor/use-leaving';
import { Answered } from './answered';
import { Builder } from './builder/builder';
import { useAskable } from './builder/fields';
import { NamedThings } from './builder/named-things';
import { canBeBuilt, isComplete } from './builder/rows';
import { answerQuery, inLanguage, isIn, type About, type Segment } from './segment-data';
import { SegmentMore } from './segment-more';
import { useWritten, type Written } from './use-written';

const PAUSE_MS = 400;

/** A question while it is written, and what the answer to it is. One that is frozen, or was made by other means than ours can show, stands there in words. */
export function WrittenSegment(props: {
  segment: Segment | null;
  attributes: readonly Answer<'Attribute'>[];
  start: { name: string; tree: Tree };
}) {
  const { segment, attributes, start } = props;
  const { t, i18n } = useTranslation('segments');
  const written = useWritten(segment, start);
  const [about, setAbout] = useState<About | null>(null);
  const isFilled = written.root.rows.length > 0 && isComplete(written.root);
  const own = segment?.id ?? null;
  const isFrozen = segment?.kind === 'static';
  const askable = useAskable(attributes);
  const isBuilt =
    !isFrozen && canBeBuilt(start.tree, ({ field }) => askable.find(field) !== undefined);
  const [asked] = useDebouncedValue(
    isFilled ? (isFrozen ? isIn(segment.id) : written.tree) : null,
    PAUSE_MS,
  );
  const answered = useQuery({
    ...answerQuery(asked, isFrozen ? null : own, about),
    placeholderData: keepPreviousData,
  });
  useLeaving(written.isChanged && !written.isSaving);
  const refused = written.problem ?? (answered.isError ? asProblem(answered.error) : null);
  const faults = refused?.faults ?? [];
  const isNamed = written.name.trim() !== '';
  return (
    <Stack gap="xl">
      <Stack
        component="form"
        onSubmit={(event) => {
          event.preventDefault();
          written.save();
        }}
      >
        {written.conflict ? (
          <Conflict written={written} savedAt={written.conflict.savedAt} />
        ) : (
          written.problem && <Refused written={written} />
        )}
        <TextInput
          label={t('name')}
          required
          maw="40rem"
          maxLength={200}
          value={written.name}
          onChange={({ currentTarget }) => written.rename(currentTarget.value)}
        />
        {isBuilt ? (
          <NamedThings saved={segment?.names ?? []}>
            <Builder
              root={written.root}
              askable={askable}
              faults={faults}
              own={own}
              onChange={written.rewrite}
            />
          </NamedThings>
        ) : (
          segment && (
            <>
              <Text>{inLanguage(segment.sentence, i18n.language)}</Text>
              <Text c="dimmed">{t(isFrozen ? 'frozen' : 'deep')}</Text>
            </>
          )
        )}
        <Group gap="sm">
          <Button
            type="submit"
            loading={written.isSaving}
            disabled={!isNamed || (!written.isChanged && segment !== null)}
          >
            {t('save.act')}
          </Button>
          <Text fz="sm" c="dimmed" role="status">
            {t(written.isChanged ? 'save.changed' : segment ? 'save.saved' : 'save.new')}
          </Text>
        </Group>
      </Stack>
      <Answered query={answered} isFilled={isFilled} about={about} onAbout={setAbout} />
      {segment && <SegmentMore segment={segment} isChanged={written.isChanged} />}
    </Stack>
  );
}

/** Faults with a place stand there. */
function Refused({ written }: { written: Written }) {
  const { t } = useTranslation('segments');
  const problem = written.problem!;
  if (problem.faults.length === 0) return <ProblemNote error={problem} />;
  return (
    <Alert role="alert" color="red" variant="outline" title={t('save.refused')}>
      {t('save.refusedWhat')}
    </Alert>
  );
}

function Conflict({ written, savedAt }: { written: Written; savedAt: string }) {
  const { t } = useTranslation('segments');
  const clock = useWhen()(savedAt, 'clock');
  return (
    <Alert
      role="alert"
      color="orange"
      variant="outline"
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
      icon={<IconUsers aria-hidden />}
      title={t('conflict.title', { clock })}
    >
      <Stack gap="sm">
        <Text>{t('conflict.what')}</Text>
        <Group>
          <Button variant="default" onClick={written.takeTheirs}>
            {t('conflict.theirs')}
          </Button>
          <Button variant="default" onClick={written.keepMine}>
            {t('conflict.mine')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
