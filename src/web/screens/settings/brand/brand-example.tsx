import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isReadable } from '../../../../domain/colour';

/** What mails and pages will look like. */
export function BrandExample(props: {
  name: string;
  legalName: string;
  colour: string;
  footer: string;
  logo: string | null;
}) {
  const { t } = useTranslation('settings');
  const colour = isReadable(props.colour) ? props.colour : '#56635f';
  return (
    <Stack gap="xs" component="section" aria-label={t('brand.example')}>
      <Text fw={500} fz="sm">
        {t('brand.example')}
      </Text>
      <div className="brand-example">
        {props.logo ? (
          <img src={props.logo} alt={props.name} style={{ maxWidth: 180, maxHeight: 44 }} />
        ) : (
          <strong style={{ fontFamily: 'Georgia, serif' }}>{props.name}</strong>
        )}
        <div>
          <p style={{ marginTop: 0 }}>{t('brand.exampleText')}</p>
          <span className="brand-button" style={{ background: colour }}>
            {t('brand.exampleButton')}
          </span>
        </div>
        <small>
          {props.footer && (
            <>
              {props.footer}
              <br />
            </>
          )}
          {props.legalName}
        </small>
      </div>
    </Stack>
  );
}
