import { useTranslation } from 'react-i18next';
import classes from './steps.module.css';

export const STEPS = ['file', 'columns', 'ground', 'trial'] as const;
export type StepName = (typeof STEPS)[number];

/** Where in the four steps one is. */
export function Steps({ at }: { at: StepName }) {
  const { t } = useTranslation('imports');
  return (
    <ol className={classes.steps} aria-label={t('steps.name')}>
      {STEPS.map((step, n) => (
        <li
          key={step}
          aria-current={step === at ? 'step' : undefined}
          data-done={n < STEPS.indexOf(at) || undefined}
        >
          {n + 1}. {t(`steps.${step}`)}
        </li>
      ))}
    </ol>
  );
}
