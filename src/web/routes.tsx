import { createBrowserRouter, type RouteObject } from 'react-router';
import { Frame } from './frame/frame';
import { Stumbled } from './frame/stumbled';
import { Unknown } from './frame/unknown';

/** Every screen, loaded when it is first opened. Swedish addresses, as they are shared between people. */
const screens: RouteObject[] = [
  {
    index: true,
    lazy: async () => ({ Component: (await import('./screens/account/account')).Account }),
  },
  {
    path: 'utskick',
    lazy: async () => ({
      Component: (await import('./screens/campaigns/campaigns')).Campaigns,
    }),
  },
  {
    path: 'utskick/:id',
    lazy: async () => ({
      Component: (await import('./screens/campaigns/campaign')).CampaignPage,
    }),
  },
  {
    path: 'utskick/:id/granska',
    lazy: async () => ({ Component: (await import('./screens/campaigns/review')).Review }),
  },
  {
    path: 'mallar',
    lazy: async () => ({
      Component: (await import('./screens/content/templates-screen')).TemplatesScreen,
    }),
  },
  {
    path: 'mallar/:key',
    lazy: async () => ({
      Component: (await import('./screens/content/template-screen')).TemplateScreen,
    }),
  },
  {
    path: 'utskick/:id/innehall',
    lazy: async () => ({
      Component: (await import('./screens/content/campaign-content-screen')).CampaignContentScreen,
    }),
  },
  {
    path: 'konto',
    lazy: async () => ({ Component: (await import('./screens/account/account')).Account }),
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
