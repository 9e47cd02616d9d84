import { Button, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../api/client';
import { Loaded } from '../../parts/loaded';
import { useNumbers } from '../../parts/numbers';
import classes from './link-clicks.module.css';

/** Which links were followed how often, and the mail beside them. */
export function LinkClicks(props: {
  report: Answer<'CampaignReport'>;
  links: Answer<'LinkCount'>[];
}) {
  const { t } = useTranslation('report');
  const [open, { toggle }] = useDisclosure();
  const { report, links } = props;
  return (
    <Stack component="section" gap="sm" aria-labelledby="links">
      <Title order={2} id="links">
        {t('links.title')}
      </Title>
      <SimpleGrid cols={{ base: 1, md: open ? 2 : 1 }}>
        <Stack gap="sm">
          <Links links={links} />
          <Text c="dimmed" fz="sm">
            {t('links.about')}
          </Text>
          <div>
            <Button variant="default" onClick={toggle} aria-expanded={open}>
              {t('links.show')}
            </Button>
          </div>
        </Stack>
        {open && <Mail id={report.campaignId} />}
      </SimpleGrid>
    </Stack>
  );
}

function Links({ links }: { links: Answer<'LinkCount'>[] }) {
  const { t } = useTranslation('report');
  const { count, share } = useNumbers();
  const total = links.reduce((sum, { clicks }) => sum + clicks, 0);
  const most = Math.max(1, ...links.map(({ clicks }) => clicks));
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('links.number')}</Table.Th>
          <Table.Th>{t('links.link')}</Table.Th>
          <Table.Th ta="right">{t('links.clicks')}</Table.Th>
          <Table.Th ta="right">{t('links.share')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {links.map(({ number, url, clicks }) => (
          <Table.Tr key={number}>
            <Table.Td>{number}</Table.Td>
            <Table.Td className={classes.url}>
              {url.replace(/^https:\/\/(www\.)?/, '')}
              <div className={classes.bar} style={{ width: `${(clicks / most) * 100}%` }} />
            </Table.Td>
            <Table.Td ta="right">{count(clicks)}</Table.Td>
            <Table.Td ta="right">{total > 0 ? share(clicks / total) : '–'}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Mail({ id }: { id: string }) {
  const { t, i18n } = useTranslation('report');
  const lang = i18n.language === 'en' ? 'en' : 'sv';
  const content = useQuery({
    queryKey: ['campaign', id, 'clicks', lang],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/campaigns/{id}/clicks', {
          params: { path: { id }, query: { lang } },
          signal,
        }),
      ),
  });
  return (
    <Loaded query={content}>
      {({ subject, html, text }) => (
        <Stack gap="xs">
          <Text fw={600}>{subject}</Text>
          {html === null ? (
            <Text className={classes.text}>{text}</Text>
          ) : (
            <iframe className={classes.mail} sandbox="" srcDoc={html} title={t('links.mail')} />
          )}
        </Stack>
      )}
    </Loaded>
  );
}
