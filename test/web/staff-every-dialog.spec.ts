import { until } from '../setup/until';
import type { Visitor } from './browser';
import { House } from './house';
import { inspect } from './inspection';
import { nameOf, OPENINGS, openByKeyboard, press, whatIsOnTop } from './openings';

const WITHIN = `document.activeElement.closest('[role=dialog], [role=menu], .person-menu') !== null`;

describe('every dialog, drawer and menu of the staff web app', () => {
  let house: House;
  let visitor: Visitor;

  beforeAll(async () => {
    house = await House.open();
    visitor = await house.arrive();
  });
  afterAll(() => house?.close());
  afterEach(() => visitor.page.unrouteAll());

  it.each(OPENINGS.map((opening) => [nameOf(opening), opening] as const))(
    'opens by the keyboard, takes the focus and gives it back, and can be used by everybody: %s',
    async (_, opening) => {
      const { page } = visitor;
      await visitor.open(`/app/${opening.at(house.ids)}`);
      const opener = await openByKeyboard(page, opening);
      await until(() => page.evaluate<boolean>(WITHIN), 5, 'the focus within');
      if (opener && !opening.stays) {
        await page.keyboard.press('Escape');
        await whatIsOnTop(page).waitFor({ state: 'detached' });
        const isBack = async () => (await opener.and(page.locator(':focus')).count()) === 1;
        await until(isBack, 5, 'the focus back');
        await press(page, opening);
      }
      expect(await inspect(page)).toEqual([]);
    },
  );
});
