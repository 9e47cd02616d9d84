import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/**
 * A dialog that is open as long as it is there. When it is taken away the focus goes back to where it was, or to the
 * heading of the screen when that is gone too.
 */
export function Dialog(
  props: Omit<ModalProps, 'opened' | 'onClose'> & { title: string; close: () => void },
) {
  const { close, ...rest } = props;
  const { t } = useTranslation('frame');
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // Whoever moved it elsewhere on the way meant to.
      if (document.activeElement !== document.body) return;
      const isThere = opener?.isConnected && opener !== document.body;
      const goal = isThere ? opener : document.querySelector('h1');
      if (goal instanceof HTMLElement) goal.focus();
    },
    [opener],
  );
  return <Modal opened onClose={close} closeButtonProps={{ 'aria-label': t('close') }} {...rest} />;
}
