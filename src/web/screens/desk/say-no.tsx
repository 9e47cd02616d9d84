import { useDisclosure } from '@mantine/hooks';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { Dialog } from '../../parts/dialog';
import { SayNoForm, type AboutWhom } from './say-no-form';

/** A no that somebody said, in a dialog; `children` makes the button that opens it. */
export function SayNo(props: {
  about: AboutWhom;
  children: (open: () => void) => ReactNode;
  recorded?: (no: Answer<'NoRecorded'>) => void;
  /** The dialog was left with the no recorded. */
  done?: () => void;
}) {
  const { t } = useTranslation('desk');
  const isRecorded = useRef(false);
  const [open, dialog] = useDisclosure(false, {
    onOpen: () => (isRecorded.current = false),
    onClose: () => isRecorded.current && props.done?.(),
  });
  const recorded = (no: Answer<'NoRecorded'>) => {
    isRecorded.current = true;
    props.recorded?.(no);
  };
  return (
    <>
      {props.children(dialog.open)}
      {open && (
        <Dialog close={dialog.close} title={t('no.title')}>
          <SayNoForm about={props.about} done={dialog.close} recorded={recorded} />
        </Dialog>
      )}
    </>
  );
}
