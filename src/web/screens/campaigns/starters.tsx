import { Button, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { answer, api, type Answer } from '../../api/client';
import { ProblemNote } from '../../parts/problem-note';
import { CAMPAIGNS, templatesQuery } from './campaign-data';
import classes from './starters.module.css';

/** Of the templates that come with the product, those that most begin with. */
const STARTERS = ['nyhetsbrev', 'kurstips', 'inbjudan-webbinarium'];

/** Three templates to begin with, each one click from a draft. */
export function Starters() {
  const { t, i18n } = useTranslation('campaigns');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const templates = useQuery(templatesQuery);
  const create = useMutation({
    mutationFn: (body: { name: string; templateKey: string }) =>
      answer(api.POST('/api/v1/campaigns', { body: body as Answer<'CreateCampaignDto'> })),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: CAMPAIGNS });
      await navigate(`/utskick/${id}`);
    },
  });
  const found = STARTERS.flatMap(
    (key) => templates.data?.find((template) => template.key === key) ?? [],
  );
  if (found.length === 0) return null;
  return (
    <Stack w="100%" mt="md" ta="start">
      <Title order={3} fz="h4">
        {t('starters.title')}
      </Title>
      {create.isError && <ProblemNote error={create.error} />}
      <SimpleGrid component="ul" cols={{ base: 1, sm: 3 }} p={0} m={0}>
        {found.map(({ key, nameSv, nameEn, description }) => {
          const name = i18n.language === 'en' ? nameEn : nameSv;
          return (
            <Paper component="li" key={key} withBorder className={classes.card}>
              <Picture template={key} />
              <Stack p="md" gap="xs" align="flex-start" className={classes.words}>
                <Text fw={600}>{name}</Text>
                <Text fz="sm" c="dimmed" flex={1}>
                  {description}
                </Text>
                <Button
                  variant="default"
                  loading={create.isPending && create.variables.templateKey === key}
                  disabled={create.isPending}
                  aria-label={t('starters.useNamed', { name })}
                  onClick={() => create.mutate({ name, templateKey: key })}
                >
                  {t('starters.use')}
                </Button>
              </Stack>
            </Paper>
          );
        })}
      </SimpleGrid>
    </Stack>
  );
}

/** What it looks like, small; its words are nothing to read here. */
function Picture({ template: key }: { template: string }) {
  const { data: html } = useQuery({
    queryKey: ['templates', key, 'picture'],
    queryFn: async ({ signal }) => {
      const template = await answer(
        api.GET('/api/v1/templates/{key}', { params: { path: { key } }, signal }),
      );
      const { channel, subject, preheader, body } = template;
      const words = { channel, subject, preheader, body };
      return (await answer(api.POST('/api/v1/templates/preview', { body: words, signal }))).html;
    },
    staleTime: Infinity,
  });
  return (
    <div className={classes.picture} aria-hidden>
      {html && <iframe sandbox="" srcDoc={html} title="" tabIndex={-1} inert />}
    </div>
  );
}
