import { Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Answered } from './answered';
import { answerQuery, inLanguage, isIn, type About, type Segment } from './segment-data';
import { SegmentMore } from './segment-more';

/** For whoever may look and not write, and of one that is put away. */
export function ShownSegment({ segment }: { segment: Segment }) {
  const { t, i18n } = useTranslation('segments');
  const [about, setAbout] = useState<About | null>(null);
  const { kind, archivedAt, id, tree, sentence } = segment;
  const asked = kind === 'static' ? isIn(id) : tree;
  const answered = useQuery({
    ...answerQuery(archivedAt ? null : asked, null, about),
    placeholderData: keepPreviousData,
  });
  return (
    <Stack gap="xl">
      {archivedAt ? (
        <Text>{t('archived')}</Text>
      ) : (
        <Answered query={answered} isFilled about={about} onAbout={setAbout} />
      )}
      {kind === 'static' && (
        <div>
          <Text>{t('frozen')}</Text>
          <Text>{inLanguage(sentence, i18n.language)}.</Text>
        </div>
      )}
      <SegmentMore segment={segment} isChanged={false} />
    </Stack>
  );
}
