import {
  Anchor,
  Badge,
  createTheme,
  Notification,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

/** The green of the public pages (platform/http/page-style.ts). */
const green: MantineColorsTuple = [
  '#eef4f1',
  '#d9e9e5',
  '#b5d4cd',
  '#8fc4ba',
  '#63a79b',
  '#3f9084',
  '#237a70',
  '#0f5a57',
  '#0b4a47',
  '#073a38',
];

export const theme = createTheme({
  primaryColor: 'green',
  colors: { green },
  primaryShade: { light: 7, dark: 6 },
  // Text on a filled colour is black or white, whichever is read more easily: WCAG's contrast turns at this luminance.
  autoContrast: true,
  luminanceThreshold: 0.179,
  fontFamily: '-apple-system, "Segoe UI", Roboto, Arial, sans-serif',
  headings: { fontFamily: 'Georgia, serif', fontWeight: '400' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }),
    Badge: Badge.extend({ defaultProps: { tt: 'none' } }),
    // They go by themselves, and their button would have no name.
    Notification: Notification.extend({ defaultProps: { withCloseButton: false } }),
  },
});

/** Mantine's soft text is too pale to read (3.3:1); these are 4.5:1 and more on every ground we use. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fbfaf7',
    '--mantine-color-text': '#22302e',
    '--mantine-color-dimmed': '#56635f',
    '--mantine-color-placeholder': '#66726e',
    '--mantine-color-error': '#b02a1b',
    '--mantine-color-red-outline': '#b02a1b',
    '--mantine-color-yellow-outline': '#7d5400',
  },
  dark: {
    '--mantine-color-body': '#151d1c',
    '--mantine-color-text': '#dfe8e5',
    '--mantine-color-dimmed': '#a9b7b3',
    '--mantine-color-placeholder': '#93a19d',
    '--mantine-color-error': '#ffb4a2',
  },
});
