import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Inline, RichText } from '../../../../domain/blocks/block';
import { answer, api } from '../../../api/client';
import { fromDocument, lineFromDocument, lineToDocument, toDocument } from './rich-document';

const RichField = lazy(async () => ({ default: (await import('./rich-field')).RichField }));

interface Field<T> {
  label: string;
  description?: string;
  value: T;
  onChange: (value: T) => void;
}

/** Several paragraphs. */
export function TextField({ value, onChange, ...field }: Field<RichText>) {
  const fields = useMergeFields();
  return (
    <Suspense fallback={<Skeleton h={140} />}>
      <RichField
        {...field}
        fields={fields}
        document={toDocument(value)}
        onChange={(document) => onChange(fromDocument(document))}
      />
    </Suspense>
  );
}

/** One line with the same possibilities. */
export function LineField({ value, onChange, ...field }: Field<Inline[]>) {
  const fields = useMergeFields();
  return (
    <Suspense fallback={<Skeleton h={100} />}>
      <RichField
        {...field}
        oneLine
        fields={fields}
        document={lineToDocument(value)}
        onChange={(document) => onChange(lineFromDocument(document))}
      />
    </Suspense>
  );
}

const NONE: never[] = [];

/** What can be put into a text; links have their own places. */
export function useMergeFields() {
  const { i18n } = useTranslation('content');
  const lang = i18n.language === 'en' ? 'en' : 'sv';
  const { data } = useQuery({
    queryKey: ['merge-fields', lang],
    queryFn: () =>
      answer(api.GET('/api/v1/templates/merge-fields', { params: { query: { lang } } })),
    staleTime: Infinity,
    select: printable,
  });
  return data ?? NONE;
}

function printable<T extends { field: string }>(fields: T[]): T[] {
  return fields.filter(({ field }) => !field.startsWith('links.') && field !== 'contact.language');
}
