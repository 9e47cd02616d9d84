import { Button, Code, CopyButton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Something to be copied to another place, word for word. */
export function CopyText({ text, name, block }: { text: string; name: string; block?: boolean }) {
  const { t } = useTranslation('settings');
  return (
    <Stack gap="xs" align="flex-start">
      <Code
        block={block}
        w={block ? '100%' : undefined}
        mah="14rem"
        style={{ overflow: 'auto', overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
        {...(block && { tabIndex: 0, role: 'region', 'aria-label': name })}
      >
        {text}
      </Code>
      <CopyButton value={text} timeout={3000}>
        {({ copied, copy }) => (
          <Button variant="default" size="xs" onClick={copy} aria-live="polite">
            {copied ? t('copied') : t('copy', { name })}
          </Button>
        )}
      </CopyButton>
    </Stack>
  );
}
