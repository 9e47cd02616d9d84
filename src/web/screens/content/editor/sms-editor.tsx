import './sms-editor.css';
import { Button, Group, Menu, Stack, Text, Textarea } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { plainer } from '../../../../domain/sms-text';
import { useMergeFields } from '../words/words-field';
import type { Shown } from './use-preview';

/** A text message: what it says, what it takes, and how it looks in a telephone. */
export function SmsEditor(props: {
  body: string;
  onChange: (body: string, about?: string) => void;
  shown: Shown | undefined;
}) {
  const { body, onChange, shown } = props;
  const { t } = useTranslation('content');
  const field = useRef<HTMLTextAreaElement>(null);
  return (
    <div className="sms-editor">
      <Stack>
        <Textarea
          ref={field}
          id="sms-body"
          label={t('sms.body')}
          description={t('sms.hint')}
          autosize
          minRows={5}
          maxLength={2_000}
          value={body}
          onChange={({ currentTarget }) => onChange(currentTarget.value, 'body')}
        />
        <Group>
          <InsertField field={field} body={body} onChange={onChange} />
        </Group>
        {shown?.sms && <Size sms={shown.sms} />}
        {shown?.sms && (
          <Dear offending={shown.sms.offending} body={body} onChange={(next) => onChange(next)} />
        )}
      </Stack>
      <figure className="sms-phone">
        <Text component="figcaption" fz="sm" c="dimmed">
          {t('sms.phone')}
        </Text>
        <div className="sms-bubble">{shown?.text ?? t('sms.empty')}</div>
      </figure>
    </div>
  );
}

function Size({ sms }: { sms: NonNullable<Shown['sms']> }) {
  const { t } = useTranslation('content');
  const { segments, units, encoding } = sms;
  return (
    <Text role="status">
      {t('sms.size', { count: segments, units })} {t(`sms.${encoding === 'GSM-7' ? 'gsm' : 'ucs'}`)}
    </Text>
  );
}

/** Characters that make the message dear, and the way out of those that have a plain form. */
function Dear(props: {
  offending: readonly string[];
  body: string;
  onChange: (body: string) => void;
}) {
  const { offending, body, onChange } = props;
  const { t } = useTranslation('content');
  if (offending.length === 0) return null;
  const plain = offending.filter((sign) => plainer(sign) !== sign && body.includes(sign));
  const kept = offending.filter((sign) => !plain.includes(sign));
  return (
    <Stack gap="xs">
      <Text>{t('sms.dear')}</Text>
      <Group gap="xs">
        {plain.map((sign) => (
          <Button
            key={sign}
            variant="default"
            size="xs"
            onClick={() => onChange(body.replaceAll(sign, plainer(sign)))}
          >
            {t('sms.change', { from: sign, to: plainer(sign) })}
          </Button>
        ))}
      </Group>
      {kept.length > 0 && <Text>{t('sms.kept', { signs: kept.join(' ') })}</Text>}
    </Stack>
  );
}

function InsertField(props: {
  field: React.RefObject<HTMLTextAreaElement | null>;
  body: string;
  onChange: (body: string) => void;
}) {
  const { t } = useTranslation('content');
  const fields = useMergeFields().filter(({ field }) => field !== 'reason');
  const insert = (name: string, personal: boolean) => {
    const area = props.field.current!;
    const fallback = t(`fallback.${name.replace('.', '_')}`, { defaultValue: '' });
    const liquid = personal ? `{{ ${name} | default: '${fallback}' }}` : `{{ ${name} }}`;
    const { selectionStart, selectionEnd } = area;
    props.onChange(props.body.slice(0, selectionStart) + liquid + props.body.slice(selectionEnd));
    requestAnimationFrame(() => {
      area.focus();
      area.setSelectionRange(selectionStart + liquid.length, selectionStart + liquid.length);
    });
  };
  return (
    <Menu returnFocus={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconBraces size={16} aria-hidden />}>
          {t('words.field')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {fields.map(({ field, label, personal }) => (
          <Menu.Item key={field} onClick={() => insert(field, personal)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
