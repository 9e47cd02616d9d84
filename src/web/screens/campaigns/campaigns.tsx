import { Button, Group, NativeSelect, Stack, Tabs, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { useNumbers } from '../../parts/numbers';
import { Page } from '../../parts/page';
import { campaignPages, type Group as CampaignGroup } from './campaign-data';
import { CampaignRow } from './campaign-row';
import { NewCampaign } from './new-campaign';
import { Starters } from './starters';

const GROUPS: readonly CampaignGroup[] = [
  'draft',
  'awaiting_approval',
  'scheduled',
  'sending',
  'sent',
];

/** All campaigns, by where they are. */
export function Campaigns() {
  const { t } = useTranslation('campaigns');
  const { can } = useSession();
  const [making, making_] = useDisclosure();
  const write = can('campaigns:write');
  const create = (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={making_.open}>
      {t('new.button')}
    </Button>
  );
  return (
    <Page title={t('list.title')} actions={write && create}>
      <List create={write ? create : null} />
      {write && <NewCampaign opened={making} onClose={making_.close} />}
    </Page>
  );
}

function List({ create }: { create: React.ReactNode }) {
  const { t } = useTranslation('campaigns');
  const { count } = useNumbers();
  const [search, setSearch] = useSearchParams();
  const group = GROUPS.find((name) => name === search.get('visa')) ?? 'draft';
  const q = search.get('q') ?? '';
  const kanal = search.get('kanal');
  const channel = kanal === 'email' || kanal === 'sms' ? kanal : undefined;
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  const find = useDebouncedCallback((value: string) => set('q', value), 300);
  const query = useInfiniteQuery({
    ...campaignPages({ group, q, channel }),
    placeholderData: keepPreviousData,
    refetchInterval: group === 'sending' ? 2_000 : false,
  });
  const counts = query.data?.pages[0]?.counts;
  return (
    <Stack>
      <Group align="end">
        <TextInput
          label={t('list.search')}
          type="search"
          defaultValue={q}
          leftSection={<IconSearch size={16} aria-hidden />}
          onChange={({ currentTarget }) => find(currentTarget.value)}
        />
        <NativeSelect
          label={t('channel')}
          value={channel ?? ''}
          onChange={({ currentTarget }) => set('kanal', currentTarget.value)}
          data={[
            { value: '', label: t('list.anyChannel') },
            { value: 'email', label: t('channels.email') },
            { value: 'sms', label: t('channels.sms') },
          ]}
        />
      </Group>
      <Tabs value={group} onChange={(value) => set('visa', value ?? '')} keepMounted={false}>
        <Tabs.List>
          {GROUPS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`group.${name}`)}
              {counts && ` (${count(counts[name])})`}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={group} pt="md">
          <Loaded query={query}>
            {({ pages }) => {
              const items = pages.flatMap((page) => page.items);
              if (items.length === 0) {
                const found = q !== '' || channel !== undefined;
                const begins = !found && group === 'draft' && create;
                const isFirst = begins && counts && Object.values(counts).every((n) => n === 0);
                const title = isFirst ? 'list.first' : `nothing.${group}`;
                return (
                  <Nothing
                    title={t(found ? 'list.notFound' : title)}
                    text={found ? undefined : t(`nothingMore.${group}`)}
                  >
                    {begins && (
                      <>
                        {create}
                        <Starters />
                      </>
                    )}
                  </Nothing>
                );
              }
              return (
                <Stack align="flex-start">
                  <Stack component="ul" gap="sm" p={0} m={0} w="100%">
                    {items.map((item) => (
                      <CampaignRow key={item.id} item={item} />
                    ))}
                  </Stack>
                  {query.hasNextPage && (
                    <Button
                      variant="default"
                      loading={query.isFetchingNextPage}
                      onClick={() => void query.fetchNextPage()}
                    >
                      {t('list.more')}
                    </Button>
                  )}
                </Stack>
              );
            }}
          </Loaded>
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
