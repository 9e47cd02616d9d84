import { until } from '../setup/until';
import { faults, overflow, type Visitor } from './browser';
import { House } from './house';
import { inspect, NARROW } from './inspection';
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

  it('has a way past the menu to the screen, and a menu that unfolds in a narrow window', async () => {
    const { page } = visitor;
    const at = () =>
      page.evaluate<string>('document.activeElement.id || document.activeElement.innerText');
    await visitor.open('/app/konto');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    expect(await at()).toBe('Hoppa till innehållet');
    await page.keyboard.press('Enter');
    expect(await at()).toBe('content');

    await page.setViewportSize(NARROW);
    const entry = page.getByRole('link', { name: 'Kontakter' });
    expect(await entry.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Visa eller dölj menyn' }).focus();
    await page.keyboard.press('Enter');
    await entry.waitFor();
    expect(await faults(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await entry.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Kontakter' }).waitFor();
    expect(await entry.isVisible()).toBe(false);
  });
});
