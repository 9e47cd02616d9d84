import { TextInput } from '@mantine/core';

interface LineProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  flex?: boolean;
}

export function Line({ label, hint, value, onChange }: LineProps & { hint?: string }) {
  return (
    <TextInput
      label={label}
      description={hint}
      value={value}
      maxLength={300}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

/** Where a link leads; an address without its beginning gets it when one leaves the field. */
export function Address({ label, value, onChange, flex }: LineProps) {
  const complete = () => {
    if (/^[\w-]+(\.[\w-]+)+(\/|$)/.test(value.trim())) onChange(`https://${value.trim()}`);
    else if (value !== value.trim()) onChange(value.trim());
  };
  return (
    <TextInput
      label={label}
      placeholder="https://"
      inputMode="url"
      autoComplete="off"
      spellCheck={false}
      maxLength={2_000}
      style={flex ? { flex: 1 } : undefined}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      onBlur={complete}
    />
  );
}
