import { Group, Stack, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { Help, type HelpAbout } from '../../parts/help';
import { useNumbers } from '../../parts/numbers';
import { useWhen } from '../../parts/when';
import { ShowPeople } from './people';

type Props = { report: Answer<'CampaignReport'> };
type Line = { key: string; count: number; words: string; sign?: string; more?: ReactNode };

const BUCKETS = ['withheld', 'cancelled', 'pending', 'in_flight', 'rejected', 'unknown'] as const;

function Part(props: { name: string; title: string; help?: HelpAbout; children: ReactNode }) {
  return (
    <Stack component="section" gap="xs" aria-labelledby={props.name}>
      <Group gap={4} wrap="nowrap">
        <Title order={2} fz="h3" id={props.name}>
          {props.title}
        </Title>
        {props.help && <Help about={props.help} />}
      </Group>
      {props.children}
    </Stack>
  );
}

/** Numbers under each other, each with what it means. */
function Lines({ lines }: { lines: Line[] }) {
  const { count } = useNumbers();
  return (
    <Table withRowBorders={false} verticalSpacing={4} layout="auto">
      <Table.Tbody>
        {lines.map(({ key, count: n, words, sign, more }) => (
          <Table.Tr key={key}>
            <Table.Td
              ta="right"
              style={{ whiteSpace: 'nowrap', width: '1%', verticalAlign: 'top' }}
            >
              {sign} {count(n)}
            </Table.Td>
            <Table.Td>
              {words} {more}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Who got it as a sum, and why the others did not. */
export function Withheld({ report: { counts, campaignId } }: Props) {
  const { t } = useTranslation('report');
  const { count } = useNumbers();
  if (!counts) return null;
  const { audience, buckets, withheld, gap } = counts;
  const reasons = withheld.map(({ reason, count }) => ({
    key: reason,
    count,
    words: t(`withheld.reason.${reason}`),
    more: (
      <>
        <ShowPeople
          id={campaignId}
          state="WITHHELD"
          reason={reason}
          what={t(`withheld.reason.${reason}`)}
        />
        {reason === 'restricted' && <Help about="restricted" />}
      </>
    ),
  }));
  return (
    <Stack gap="xl">
      <Part name="sum" title={t('sum.title')}>
        <Lines
          lines={[
            { key: 'audience', count: audience, words: t('sum.audience') },
            ...BUCKETS.filter((bucket) => buckets[bucket] > 0).map((bucket) => ({
              key: bucket,
              sign: '−',
              count: buckets[bucket],
              words: t(`sum.${bucket}`),
            })),
            { key: 'accepted', sign: '=', count: buckets.accepted, words: t('sum.accepted') },
          ]}
        />
        {gap !== 0 && <Text c="red">{t('sum.gap', { count: gap, n: count(gap) })}</Text>}
      </Part>
      <Part name="withheld" title={t('withheld.title')} help="withheld">
        {reasons.length === 0 ? <Text>{t('withheld.none')}</Text> : <Lines lines={reasons} />}
      </Part>
    </Stack>
  );
}

export function OptOuts({ report: { optOuts } }: Props) {
  const { t, i18n } = useTranslation('report');
  const words = (door: string) =>
    t(`optOuts.door.${i18n.exists(`report:optOuts.door.${door}`) ? door : 'other'}`, {
      code: door,
    });
  return (
    <Part name="opt-outs" title={t('optOuts.title')}>
      {optOuts.length === 0 ? (
        <Text>{t('optOuts.none')}</Text>
      ) : (
        <Lines
          lines={optOuts.map(({ door, count }) => ({ key: door, count, words: words(door) }))}
        />
      )}
    </Part>
  );
}

export function Faults({ report: { faults } }: Props) {
  const { t } = useTranslation('report');
  return (
    <Part name="faults" title={t('faults.title')}>
      {faults.length === 0 ? (
        <Text>{t('faults.none')}</Text>
      ) : (
        <Lines
          lines={faults.map(({ state, code, count }) => ({
            key: `${state} ${code}`,
            count,
            words: t(`faults.state.${state}`),
            more: code && (
              <Text span c="dimmed" fz="sm">
                ({t('faults.code', { code })})
              </Text>
            ),
          }))}
        />
      )}
    </Part>
  );
}

/** What nobody knows: how many, what comes next, and why they are not simply sent again. */
export function Unknown({ report: { unknown, campaignId } }: Props) {
  const { t } = useTranslation('report');
  const { count } = useNumbers();
  const when = useWhen();
  const { open, closed, closedBy } = unknown;
  if (open + closed === 0) return null;
  return (
    <Part name="unknown" title={t('unknown.title')} help="unknown">
      {open > 0 && (
        <Text>
          {t('unknown.open', { count: open, n: count(open) })}{' '}
          {closedBy && t('unknown.wait', { at: when(closedBy) })}{' '}
          <ShowPeople id={campaignId} state="UNKNOWN" what={t('unknown.title')} />
        </Text>
      )}
      {closed > 0 && <Text>{t('unknown.closed', { count: closed, n: count(closed) })}</Text>}
      <Text>{t('unknown.never')}</Text>
    </Part>
  );
}

export function SmsCosts({ report: { sms } }: Props) {
  const { t, i18n } = useTranslation('report');
  const { count } = useNumbers();
  if (!sms || sms.messages === 0) return null;
  const money = ({ amount, currency }: { amount: number; currency: string }) =>
    new Intl.NumberFormat(i18n.language, { style: 'currency', currency }).format(amount);
  return (
    <Part name="cost" title={t('cost.title')}>
      <Text>{t('cost.parts', { parts: count(sms.parts), messages: count(sms.messages) })}</Text>
      {sms.told.map((told) => (
        <Text key={told.currency}>
          {t('cost.told', { amount: money(told), messages: count(told.messages) })}
        </Text>
      ))}
      {sms.reckoned && <Text>{t('cost.reckoned', { amount: money(sms.reckoned) })}</Text>}
    </Part>
  );
}
