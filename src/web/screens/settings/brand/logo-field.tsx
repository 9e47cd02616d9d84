import { Button, Group, Input, Stack, Text } from '@mantine/core';
import { useId, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

const MOST_BYTES = 100_000;

/** Chooses a picture; the browser's own field, which every keyboard and screen reader knows. */
export function LogoField(props: {
  shown: string | null;
  error?: ReactNode;
  choose: (base64: string | null) => void;
}) {
  const { t } = useTranslation('settings');
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const read = async (file?: File) => {
    setTooLarge(false);
    if (!file) return;
    if (file.size > MOST_BYTES) return setTooLarge(true);
    const bytes = new Uint8Array(await file.arrayBuffer());
    props.choose(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')));
  };
  return (
    <Input.Wrapper
      id={id}
      label={t('brand.logo')}
      description={t('brand.logoHint')}
      error={tooLarge ? t('fault.logo_too_large') : props.error}
    >
      <Stack gap="sm" mt="xs">
        <input
          ref={field}
          id={id}
          type="file"
          accept="image/png"
          style={{ maxWidth: '100%' }}
          aria-describedby={`${id}-description`}
          onChange={(event) => void read(event.currentTarget.files?.[0])}
        />
        {props.shown ? (
          <Group>
            <img
              src={props.shown}
              alt={t('brand.logoNow')}
              style={{ maxWidth: 180, maxHeight: 44 }}
            />
            <Button
              variant="default"
              size="xs"
              onClick={() => {
                if (field.current) field.current.value = '';
                props.choose(null);
              }}
            >
              {t('brand.noLogo')}
            </Button>
          </Group>
        ) : (
          <Text fz="sm" c="dimmed">
            {t('brand.logoNone')}
          </Text>
        )}
      </Stack>
    </Input.Wrapper>
  );
}
