import { House } from './house';
import { inspect } from './inspection';
import { addressOf, nameOf, SCREENS, settled } from './screens';
import type { Visitor } from './browser';

describe('every screen of the staff web app', () => {
  let house: House;
  let visitor: Visitor;

  beforeAll(async () => {
    house = await House.open();
    visitor = await house.arrive();
  });
  afterAll(() => house?.close());

  it.each(SCREENS.map((screen) => [nameOf(screen), screen] as const))(
    'can be seen and used by everybody, wide, narrow, large, light and dark: %s',
    async (_, screen) => {
      const { page } = visitor;
      await visitor.open(addressOf(screen, house.ids));
      await page.getByText(screen.shows).first().waitFor({ timeout: 10_000 });
      await settled(page);
      expect(await inspect(page)).toEqual([]);
    },
  );
});
