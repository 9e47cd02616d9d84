import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Answer } from '../../api/client';

export type Template = Answer<'TemplateDetail'>;
export type TemplateItem = Answer<'TemplateSummary'>;

export const TEMPLATES = ['templates'] as const;

export const templatesQuery = queryOptions({
  queryKey: TEMPLATES,
  queryFn: ({ signal }) => answer(api.GET('/api/v1/templates', { signal })),
});

export const templateQuery = (key: string) =>
  queryOptions({
    queryKey: [...TEMPLATES, key],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/templates/{key}', { params: { path: { key } }, signal })),
  });

/** What of an MJML file is the author's own: the sections. Head and frame are the house's. */
export function sectionsOf(mjml: string): string {
  const body = /<mj-body[^>]*>([\s\S]*?)<\/mj-body>/i.exec(mjml)?.[1] ?? mjml;
  return body.replace(/^\s*\n|\s+$/g, '');
}
