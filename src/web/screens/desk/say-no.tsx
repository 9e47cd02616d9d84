import { Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { SayNoForm, type AboutWhom } from './say-no-form';

/** A no that somebody said, in a dialog; `children` makes the button that opens it. */
export function SayNo(props: {
  about: AboutWhom;
  children: (open: () => void) => ReactNode;
  recorded?: (no: Answer<'NoRecorded'>) => void;
  /** The dialog was left. */
  done?: () => void;
}) {
  const { t } = useTranslation('desk');
  const [open, dialog] = useDisclosure(false, { onClose: props.done });
  return (
    <>
      {props.children(dialog.open)}
      {open && (
        <Modal
          opened
          onClose={dialog.close}
          title={t('no.title')}
          closeButtonProps={{ 'aria-label': t('close') }}
        >
          <SayNoForm about={props.about} done={dialog.close} recorded={props.recorded} />
        </Modal>
      )}
    </>
  );
}
