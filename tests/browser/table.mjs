// The queue made one's own: filters, views, columns, order, rows that expand; with and without JavaScript.
import assert from 'node:assert/strict';
import { Analyst, BOTH } from './support/analyst.mjs';
import { MAILRULE, PAIR, SCAN, SCRIPT, SERVICE, lab } from './support/alerts.mjs';
import { becomes, staysFrom } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

/** The queue's query, as pairs. */
const asked = (page) => [...new URL(page.url()).searchParams].map((pair) => pair.join('='));

for (const { how, scripted, options } of BOTH) {
  const claim = (text, act) => journey(`${text}, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    await act(new Analyst(page, { scripted }), page, world);
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
  const openFilters = async (page) => {
    await page.getByRole(scripted ? 'button' : 'link', { name: 'Add filter' }).click();
    await page.getByRole('heading', { name: 'Filters' }).waitFor();
    return scripted ? page.getByRole('dialog', { name: 'Filters' }) : page.getByRole('main');
  };

  claim('a filter is added from the list of filters, shown as a chip and taken off', async (dana, page) => {
    const filters = await openFilters(page);
    await filters.locator('summary').filter({ hasText: /^Categories/ }).click();
    await filters.getByRole('checkbox', { name: 'Discovery' }).check();
    await filters.getByRole('button', { name: 'Apply' }).click();
    await page.waitForURL('**/incidents?category=Discovery');
    const names = await dana.names();
    assert.equal(names.length, 1);
    assert.ok(names[0].startsWith(SCAN));
    await page.getByRole('link', { name: 'Remove filter Category: Discovery' }).click();
    await becomes(() => dana.names().then((all) => all.length), 3);
    await page.goto('/incidents?category=Discovery&severity=low');
    await page.getByRole('link', { name: 'Reset all' }).click();
    await becomes(() => dana.names().then((all) => all.length), 3);
  });

  claim('a custom range is typed, and one that ends before it starts is told at its field', async (dana, page) => {
    if (scripted) {
      await page.getByRole('combobox', { name: 'Time range' }).selectOption('custom');
      await page.getByRole('dialog', { name: 'Filters' }).waitFor();
    } else {
      await page.getByRole('combobox', { name: 'Time range' }).selectOption('custom');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByRole('heading', { name: 'Filters' }).waitFor();
      await page.getByRole('radio', { name: 'Custom' }).check();
    }
    await page.getByLabel('From').fill('2024-03-02T10:00');
    await page.getByLabel('To', { exact: true }).fill('2024-03-01T10:00');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('The range ends before it starts.').waitFor();
    assert.equal(await page.getByLabel('From').inputValue(), '2024-03-02T10:00');
    await page.getByLabel('To', { exact: true }).fill('2124-03-03T10:00');
    await page.getByRole('button', { name: 'Apply' }).click();
    await dana.queue.waitFor();
    assert.equal((await dana.names()).length, 3);
    // Berlin tells the server with its first script; without one the zone is UTC.
    assert.deepEqual(asked(page), [`from=2024-03-02T${scripted ? '09' : '10'}:00:00Z`, `to=2124-03-03T${scripted ? '09' : '10'}:00:00Z`]);
  });

  claim('a filter is saved as a view, begun with, and the plain queue is still there', async (dana, page) => {
    await page.goto('/incidents?severity=low');
    await page.getByRole(scripted ? 'button' : 'link', { name: 'New view' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Quiet ones');
    await page.getByLabel('Default view').check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await dana.isTold('View Quiet ones saved.');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Incidents' }).click();
    await becomes(() => asked(page), ['severity=low']);
    const bar = page.getByRole('navigation', { name: 'Views' });
    assert.ok((await bar.locator('[aria-current]').innerText()).startsWith('Quiet ones'));
    await bar.getByRole('link', { name: 'Default' }).click();
    await becomes(() => asked(page), ['range=30d']);
    assert.equal((await dana.names()).length, 3);
    await page.getByRole('link', { name: 'All views' }).click();
    const line = page.getByRole('row').filter({ hasText: 'Quiet ones' });
    assert.equal(await line.getByRole('cell').nth(1).innerText(), '1');
    await line.getByRole('button', { name: 'Delete Quiet ones' }).click();
    await dana.isTold('Quiet ones was deleted.');
    await page.goto('/incidents');
    assert.equal(new URL(page.url()).search, '');
  });

  claim('columns are chosen, put in order and there again', async (dana, page) => {
    await page.getByRole('link', { name: 'Customize columns' }).click();
    await page.getByRole('checkbox', { name: 'Status' }).uncheck();
    await page.getByRole('checkbox', { name: 'Determination' }).check();
    await page.getByRole('button', { name: 'Move Priority up' }).click();
    await page.getByRole('radio', { name: 'Compact' }).check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await dana.isTold('Columns saved.');
    const headings = () => dana.queue.getByRole('columnheader').evaluateAll((all) => all.slice(1).map((one) => one.textContent.replace(' ↓', '')));
    await page.goto('/incidents');
    const shown = await headings();
    assert.deepEqual(shown.slice(0, 3), ['Incident name', 'Priority', 'ID']);
    assert.equal(shown.at(-1), 'Determination');
    await page.getByRole('link', { name: 'Customize columns' }).click();
    await page.getByRole('button', { name: 'Reset to default' }).click();
    await becomes(async () => (await headings()).includes('Status'), true);
  });

  claim('a row leads to its alerts', async (dana, page) => {
    const id = await dana.id(PAIR);
    if (!scripted) {
      await page.getByRole('link', { name: `Alerts of incident ${id}` }).click();
      await page.waitForURL(`**/incidents/${id}/alerts`);
      return;
    }
    const stays = await staysFrom(page);
    const expand = page.getByRole('button', { name: `Alerts of incident ${id}` });
    assert.equal(await expand.getAttribute('aria-expanded'), 'false');
    await expand.press('Enter');
    const alerts = page.getByRole('table', { name: `Alerts of incident ${id}` });
    await alerts.getByRole('link', { name: SCRIPT }).waitFor();
    assert.equal(await expand.getAttribute('aria-expanded'), 'true');
    await alerts.getByRole('checkbox', { name: `Select alert ${SERVICE}` }).check();
    await stays();
    await page.getByRole('button', { name: 'Move alerts' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Target incident').fill(String(await dana.id(MAILRULE)));
    await dialog.getByRole('button', { name: 'Move', exact: true }).click();
    await dana.isTold('1 alert moved to incident');
    assert.equal(new URL(page.url()).pathname, '/incidents', 'the list stays');
    await expand.click();
    await alerts.waitFor();
    await expand.click();
    await alerts.waitFor({ state: 'detached' });
  });
}

const scripted = (text, act) => journey(text, { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana', { permissions: ['clipboard-read', 'clipboard-write'] });
  await act(new Analyst(page), page, world);
  assert.deepEqual(world.complaints, [], 'the browser complained');
});

scripted('the filters open in place, are found by typing, and Escape gives the focus back', async (dana, page) => {
  const stays = await staysFrom(page);
  const button = page.getByRole('button', { name: 'Add filter' });
  await button.press('Enter');
  const filters = page.getByRole('dialog', { name: 'Filters' });
  await filters.waitFor();
  assert.ok(await filters.evaluate((box) => box.contains(document.activeElement)), 'the focus goes into the filters');
  await filters.locator('summary').filter({ hasText: /^Categories/ }).click();
  await filters.getByRole('searchbox', { name: 'Find in Categories' }).fill('lateral');
  assert.deepEqual(await filters.locator('#f-category label:visible').allInnerTexts(), ['Lateral movement']);
  await page.keyboard.press('Escape');
  await filters.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Add filter');
  await stays();
});

scripted('views say what they find', async (dana, page) => {
  const bar = page.getByRole('navigation', { name: 'Views' });
  await bar.getByRole('link', { name: 'High severity 1' }).waitFor();
  await bar.getByRole('link', { name: 'Unassigned 3' }).waitFor();
});

scripted('the link of the list is copied without the open pane', async (dana, page) => {
  const id = await dana.id(SCAN);
  await page.goto(`/incidents?severity=low&pane=${id}`);
  await page.getByText('Export', { exact: true }).click();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await dana.isTold('Copied');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), new URL('/incidents?severity=low', page.url()).href);
});

scripted('a click on a heading orders by it, one with Shift adds a key', async (dana, page) => {
  await dana.queue.getByRole('link', { name: 'Severity' }).click();
  await becomes(() => asked(page), ['sort=-severity']);
  await dana.queue.getByRole('link', { name: 'ID', exact: true }).click({ modifiers: ['Shift'] });
  await becomes(() => asked(page), ['sort=-severity,-id']);
  assert.equal(await dana.queue.getByRole('columnheader', { name: 'Severity' }).getAttribute('aria-sort'), 'descending');
  await dana.queue.getByRole('link', { name: /^ID/ }).click({ modifiers: ['Shift'] });
  await becomes(() => asked(page), ['sort=-severity,id']);
});

for (const width of [1024, 1440]) {
  scripted(`the list of default columns fits beside an open pane, ${width} px wide`, async (dana, page) => {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`/incidents?pane=${await dana.id(PAIR)}`);
    const { scroll, client } = await page.getByRole('region', { name: 'Incident list' }).evaluate((box) => ({ scroll: box.scrollWidth, client: box.clientWidth }));
    assert.ok(scroll <= client, `${scroll} > ${client}`);
  });
}
