import { Anchor, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNumbers } from '../../parts/numbers';
import type { Import } from './import-queries';
import classes from './counts.module.css';

const SHOWN = ['new', 'changed', 'unchanged', 'optedOut', 'faulty'] as const;

/** How many rows become what; whoever has said no stays out, and it says so. */
export function Counts({ counts, id }: { counts: Import['counts']; id: string }) {
  const { t } = useTranslation('imports');
  const { count } = useNumbers();
  return (
    <Stack>
      <dl className={classes.counts}>
        {SHOWN.map((name) => (
          <div key={name}>
            <dt>{t(`counts.${name}`)}</dt>
            <dd>{count(counts[name])}</dd>
          </div>
        ))}
      </dl>
      {counts.optedOut > 0 && <Text>{t('counts.staysOut')}</Text>}
      {counts.faulty > 0 && (
        // A plain link: the browser saves the file, and nothing of it stays in the page.
        <Anchor href={`/api/v1/imports/${id}/faults.csv`} download>
          {t('counts.download', { count: counts.faulty })}
        </Anchor>
      )}
    </Stack>
  );
}
