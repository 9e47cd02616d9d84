import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { contrast, isColour, isReadable } from '../../../../domain/colour';
import { answer, api, type Answer } from '../../../api/client';
import { useNumbers } from '../../../parts/numbers';
import { ProblemNote } from '../../../parts/problem-note';
import { useSaving } from '../saving';
import { BRAND } from './brand-query';
import { BrandExample } from './brand-example';
import { LogoField } from './logo-field';

/** `logo`: a picture as base64, null to take it away, undefined to leave it. */
interface Values {
  name: string;
  colour: string;
  footer: string;
  logo: string | null | undefined;
}

export function BrandForm({ brand }: { brand: Answer<'BrandView'> }) {
  const { t } = useTranslation('settings');
  const form = useForm<Values>({
    initialValues: {
      name: brand.name ?? '',
      colour: brand.colour ?? brand.standardColour,
      footer: brand.footer,
      logo: undefined,
    },
  });
  const saving = useSaving(
    form,
    ({ name, colour, footer, logo }) =>
      answer(
        api.PATCH('/api/v1/brand', {
          body: {
            name: name || null,
            colour: colour === brand.standardColour ? null : colour,
            footer,
            logo,
          },
        }),
      ),
    {
      changes: BRAND,
      message: t('brand.saved'),
      done: () => form.setFieldValue('logo', undefined),
    },
  );
  const { name, colour, footer, logo } = form.getValues();
  const shownLogo = logo ? `data:image/png;base64,${logo}` : logo === null ? null : brand.logo?.url;
  return (
    <form onSubmit={form.onSubmit(saving.send)} noValidate>
      <Stack gap="lg">
        {saving.error !== null && <ProblemNote error={saving.error} />}
        <TextInput
          {...form.getInputProps('name')}
          label={t('brand.name')}
          description={t('brand.nameHint', { name: brand.legalName })}
          placeholder={brand.legalName}
          maxLength={60}
        />
        <Stack gap="xs">
          <Group align="flex-end" gap="sm">
            <TextInput
              {...form.getInputProps('colour')}
              type="color"
              label={t('brand.colour')}
              description={t('brand.colourHint')}
              w="14rem"
            />
            {colour !== brand.standardColour && (
              <Button
                variant="default"
                onClick={() => form.setFieldValue('colour', brand.standardColour)}
              >
                {t('brand.standard')}
              </Button>
            )}
          </Group>
          <Contrast colour={colour} />
        </Stack>
        <LogoField
          shown={shownLogo ?? null}
          error={form.errors.logo}
          choose={(picture) => {
            form.clearFieldError('logo');
            form.setFieldValue('logo', picture);
          }}
        />
        <TextInput
          {...form.getInputProps('footer')}
          label={t('brand.footer')}
          description={t('brand.footerHint')}
          maxLength={200}
        />
        <BrandExample
          name={name || brand.legalName}
          legalName={brand.legalName}
          colour={colour}
          footer={footer}
          logo={shownLogo ?? null}
        />
        <div>
          <Button type="submit" loading={saving.busy}>
            {t('save')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

/** Whether the colour will be taken, before it is sent. */
function Contrast({ colour }: { colour: string }) {
  const { t } = useTranslation('settings');
  const { count } = useNumbers();
  if (!isColour(colour)) return null;
  const ratio = count(Math.floor(contrast(colour, '#ffffff') * 10) / 10);
  return (
    <Text
      fz="sm"
      aria-live="polite"
      c={isReadable(colour) ? 'dimmed' : 'var(--mantine-color-error)'}
    >
      {t(isReadable(colour) ? 'brand.readable' : 'brand.pale', { ratio })}
    </Text>
  );
}
