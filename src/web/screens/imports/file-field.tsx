import { Text } from '@mantine/core';
import { useId, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './file-field.module.css';

/** A file by the browser's own button, which every aid knows, or dropped anywhere on the field. */
export function FileField(props: {
  file: File | null;
  choose: (file: File | null) => void;
  error: boolean;
}) {
  const { t } = useTranslation('imports');
  const { file, choose, error } = props;
  const [over, setOver] = useState(false);
  const id = useId();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    choose(event.dataTransfer.files[0] ?? null);
  };
  return (
    <div
      className={classes.drop}
      data-over={over || undefined}
      data-error={error || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label htmlFor={id}>{t('file.choose')}</label>
      <Text c="dimmed" fz="sm" id={`${id}-hint`}>
        {t('file.hint')}
      </Text>
      <input
        id={id}
        type="file"
        accept=".csv,.txt,text/csv,text/plain"
        aria-describedby={`${id}-hint ${id}-error`}
        aria-invalid={error}
        onChange={(event) => choose(event.currentTarget.files?.[0] ?? null)}
      />
      {file && (
        <Text role="status">
          {t('file.chosen', { name: file.name, size: Math.ceil(file.size / 1024) })}
        </Text>
      )}
      <Text id={`${id}-error`} c="var(--mantine-color-error)" role="alert">
        {error && t('file.missing')}
      </Text>
    </div>
  );
}
