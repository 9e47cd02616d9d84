import { createBrowserRouter, type RouteObject } from 'react-router';
import { Frame } from './frame/frame';
import { Stumbled } from './frame/stumbled';
import { Unknown } from './frame/unknown';

const SETTINGS: RouteObject[] = [
  {
    path: 'avsandare',
    lazy: async () => ({ Component: (await import('./screens/settings/senders/senders')).Senders }),
  },
  {
    path: 'amnen',
    lazy: async () => ({ Component: (await import('./screens/settings/topics/topics')).Topics }),
  },
  {
    path: 'formular',
    lazy: async () => ({
      Component: (await import('./screens/settings/signup-forms/signup-forms')).SignupForms,
    }),
  },
  {
    path: 'formular/nytt',
    lazy: async () => ({
      Component: (await import('./screens/settings/signup-forms/signup-form')).NewSignupForm,
    }),
  },
  {
    path: 'formular/:id',
    lazy: async () => ({
      Component: (await import('./screens/settings/signup-forms/signup-form')).SignupForm,
    }),
  },
  {
    path: 'varumarke',
    lazy: async () => ({ Component: (await import('./screens/settings/brand/brand')).Brand }),
  },
  {
    path: 'anvandare',
    lazy: async () => ({ Component: (await import('./screens/settings/people/people')).People }),
  },
  {
    path: 'api-nycklar',
    lazy: async () => ({
      Component: (await import('./screens/settings/api-keys/api-keys')).ApiKeys,
    }),
  },
  {
    path: 'webhooks',
    lazy: async () => ({
      Component: (await import('./screens/settings/operations/webhooks')).Webhooks,
    }),
  },
  {
    path: 'drift',
    lazy: async () => ({
      Component: (await import('./screens/settings/operations/operations')).Operations,
    }),
  },
];

/** Every screen, loaded when it is first opened. Swedish addresses, as they are shared between people. */
const screens: RouteObject[] = [
  {
    index: true,
    lazy: async () => ({ Component: (await import('./screens/account/account')).Account }),
  },
  {
    path: 'konto',
    lazy: async () => ({ Component: (await import('./screens/account/account')).Account }),
  },
  {
    path: 'installningar',
    lazy: async () => ({ Component: (await import('./screens/settings/settings')).Settings }),
    children: SETTINGS,
  },
];

export const router = createBrowserRouter(
  [
    {
      Component: Frame,
      ErrorBoundary: Stumbled,
      HydrateFallback: () => null,
      children: [
        { ErrorBoundary: Stumbled, children: [...screens, { path: '*', Component: Unknown }] },
      ],
    },
  ],
  { basename: '/app' },
);
