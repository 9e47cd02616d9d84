import { Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';

/** What the step is about; it gets the focus when one comes there, since the button one pressed is gone. */
export function StepTitle({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Title order={2} ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
      {children}
    </Title>
  );
}
