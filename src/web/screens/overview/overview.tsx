import { Button, SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, Navigate } from 'react-router';
import { answer, api } from '../../api/client';
import { MENU } from '../../frame/menu';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { AttentionList } from './attention-list';
import { FirstSteps } from './first-steps';
import { Growth } from './growth';
import { PlannedList } from './planned-list';
import { RecentTable } from './recent-table';
import { SendingList } from './sending-list';

const WHILE_SENDING_MS = 2_000;
const OTHERWISE_MS = 30_000;

/** The first thing one sees; for whoever has nothing to do with campaigns, the first of what is theirs. */
export function Overview() {
  const { can } = useSession();
  if (can('campaigns:read')) return <WhatGoesOn />;
  const first = MENU.find(({ anyOf }) => anyOf.some(can));
  return <Navigate to={first?.to ?? '/konto'} replace />;
}

/** What goes on, what is coming, what needs somebody, how it went. */
function WhatGoesOn() {
  const { t } = useTranslation('overview');
  const { can } = useSession();
  const overview = useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/overview', { signal })),
    refetchInterval: ({ state: { data } }) =>
      data?.sending.some(({ state }) => state === 'sending') ? WHILE_SENDING_MS : OTHERWISE_MS,
  });
  return (
    <Page
      title={t('title')}
      actions={
        can('campaigns:write') && (
          <Button component={Link} to="/utskick">
            {t('new')}
          </Button>
        )
      }
    >
      <Loaded query={overview}>
        {({ steps, sending, attention, planned, recent, growth }) => {
          const isNew = steps.some(({ key, done }) => key === 'campaign' && !done);
          return (
            <Stack gap="xl">
              {isNew && <FirstSteps steps={steps} />}
              <SendingList sending={sending} />
              {!(isNew && attention.length === 0) && <AttentionList attention={attention} />}
              {!isNew && (
                <>
                  <RecentTable recent={recent} />
                  <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
                    <PlannedList planned={planned} />
                    <Growth growth={growth} />
                  </SimpleGrid>
                </>
              )}
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}
