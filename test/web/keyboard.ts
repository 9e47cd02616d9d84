import type { Locator, Page } from 'playwright-core';

const MOST_TABS = 150;

/** Uses a page as somebody without a mouse does: with the tabulator, the space bar, Enter and letters. */
export class Keyboard {
  constructor(private readonly page: Page) {}

  /** Goes on with the tabulator until this has the focus. */
  async to(goal: Locator, key = 'Tab'): Promise<void> {
    await goal.waitFor();
    for (let presses = 0; presses < MOST_TABS; presses += 1) {
      if ((await goal.and(this.page.locator(':focus')).count()) > 0) return;
      await this.page.keyboard.press(key);
    }
    throw new Error(`${key} never came to ${String(goal)}`);
  }

  async press(goal: Locator): Promise<void> {
    await this.to(goal);
    await this.page.keyboard.press('Enter');
  }

  async tick(goal: Locator): Promise<void> {
    await this.to(goal);
    await this.page.keyboard.press('Space');
  }

  async type(goal: Locator, text: string): Promise<void> {
    await this.to(goal);
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.type(text);
  }

  /** Into the browser's own field for a day, YYYY-MM-DD; month, day and year are typed as the browser orders them. */
  async day(goal: Locator, day: string): Promise<void> {
    await this.to(goal);
    const [year, month, date] = day.split('-');
    await this.page.keyboard.type(`${month}${date}${year}`);
  }

  /** In a list that unfolds: its first letters are enough. */
  async choose(goal: Locator, option: string): Promise<void> {
    await this.to(goal);
    await this.page.keyboard.type(option);
  }

  async pickFile(goal: Locator, file: { name: string; mimeType: string; buffer: Buffer }) {
    await this.to(goal);
    const [chooser] = await Promise.all([
      this.page.waitForEvent('filechooser'),
      this.page.keyboard.press('Space'),
    ]);
    await chooser.setFiles(file);
  }
}
