import { ActionIcon, Button, Kbd } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';

const SearchDialog = lazy(async () => ({
  default: (await import('./search-dialog')).SearchDialog,
}));

/** The way to search from anywhere: a button, Ctrl+K, or a slash where nobody is typing. */
export function Search() {
  const { t } = useTranslation('search', { useSuspense: false });
  const [open, dialog] = useDisclosure();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const together = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k';
      const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !isTyping(event);
      if (!together && !slash) return;
      event.preventDefault();
      dialog.open();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [dialog]);
  return (
    <>
      <Button
        variant="default"
        visibleFrom="sm"
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          <Kbd size="xs" aria-hidden>
            Ctrl K
          </Kbd>
        }
        onClick={dialog.open}
        aria-keyshortcuts="Control+K /"
      >
        {t('open')}
      </Button>
      <ActionIcon
        variant="default"
        size="lg"
        hiddenFrom="sm"
        aria-label={t('open')}
        onClick={dialog.open}
      >
        <IconSearch size={18} aria-hidden />
      </ActionIcon>
      {open && (
        <Suspense fallback={null}>
          <SearchDialog close={dialog.close} />
        </Suspense>
      )}
    </>
  );
}

function isTyping({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role=dialog]') !== null)
  );
}
