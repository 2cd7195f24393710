// What an analyst does, by the accessible names of the design. With and without JavaScript the
// same names lead to the same ends; where the hands move differently, `scripted` says so.
import { eventually } from './expect.mjs';
import assert from 'node:assert/strict';

export class Analyst {
  constructor(page, { scripted = true } = {}) {
    this.page = page;
    this.scripted = scripted;
    this.queue = page.getByRole('table', { name: 'Incidents', exact: true });
    this.pane = page.getByRole('complementary', { name: 'Incident management pane' });
    this.alerts = page.getByRole('table', { name: 'Alerts', exact: true });
  }

  row(name) { return this.queue.getByRole('row').filter({ has: this.page.getByRole('link', { name, exact: false }) }); }

  async names() { return this.queue.locator('tbody').getByRole('row').evaluateAll((rows) => rows.map((row) => `${row.querySelector('.mark')?.textContent ?? ''}${row.querySelector('.col-name > a').textContent}`.trim())); }

  async id(name) {
    const label = await this.row(name).getByRole('checkbox').getAttribute('aria-label');
    return Number(/Select incident (\d+)/.exec(label)[1]);
  }

  async openPane(name) {
    const id = await this.id(name);
    if (this.scripted) await this.row(name).getByRole('cell').nth(4).click();
    else await this.row(name).getByRole('link', { name: `Open pane of ${id}` }).click();
    await this.paneShows(id);
    return id;
  }

  async paneShows(id) {
    await eventually(async () => assert.match(await this.pane.innerText(), new RegExp(`Incident ${id}\\b`, 'i')));
  }

  history(place = this.pane) { return place.getByRole('region', { name: 'Comments and history' }); }

  field(name, place = this.pane) {
    const role = name === 'Incident name' || name === 'Resolution note' || name === 'Add comment' ? 'textbox' : 'combobox';
    return place.getByRole(role, { name, exact: true });
  }

  async tag(name, place = this.pane) {
    const field = this.field('Tags', place);
    await field.fill(name);
    if (!this.scripted) return;
    await place.getByRole('option', { name: `${name} (Create new)` }).click();
    await place.getByRole('checkbox', { name: `Tag ${name}` }).waitFor();
  }

  async press(button, place = this.pane) { await place.getByRole('button', { name: button, exact: true }).click(); }

  async save(place = this.pane) {
    await this.press('Save', place);
    await this.isTold(/Saved\.|Resolved(,| as )/);
  }

  async comment(text, place = this.pane) {
    await this.field('Add comment', place).fill(text);
    await this.press('Comment', place);
  }

  /** The message after an act. */
  async isTold(message) { await this.page.getByRole('status').filter({ hasText: message }).first().waitFor(); }

  async openTab(name) {
    await this.page.getByRole('navigation', { name: 'Incident', exact: true }).getByRole('link', { name }).click();
    await this.page.getByRole('navigation', { name: 'Incident', exact: true }).getByRole('link', { name }).and(this.page.locator('[aria-current=page]')).waitFor();
  }

  get manage() { return this.page.getByRole('region', { name: 'Manage incident' }); }
}

/** Signs out by the menu under one's name. */
export async function signOut(page) {
  await page.locator('.who-menu > summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
}

/** The same claim for both kinds of browser. */
export const BOTH = [
  { how: 'with JavaScript', scripted: true, options: {} },
  { how: 'without JavaScript', scripted: false, options: { javaScriptEnabled: false } },
];
