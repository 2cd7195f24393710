// The alerts queue and the Alerts tab: the same list as that of incidents.
import assert from 'node:assert/strict';
import { Analyst, BOTH } from './support/analyst.mjs';
import { MAILRULE, PAIR, SCAN, SCRIPT, SERVICE, alert, device, lab, user } from './support/alerts.mjs';
import { becomes, shows } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const WIDE = { viewport: { width: 1440, height: 900 } };
const TACTICS = ['Execution', 'Persistence', 'DefenseEvasion', 'CredentialAccess'];

/** One incident of 23 alerts with titles of their own, and four with the same. */
const busy = () => Array.from({ length: 27 }, (_, index) => alert({
  title: index < 23 ? `Suspicious activity ${index + 1} by a signed binary` : 'Password guessed',
  minutesAgo: 120 - index,
  category: TACTICS[index % TACTICS.length],
  severity: ['low', 'medium', 'high'][index % 3],
  evidence: [device('lab-ws-17'), user(index < 23 ? 'ida.holm' : `account-${index}`)],
}));

const titles = (dana) => dana.alerts.locator('tbody tr:visible .col-name a:first-child').allInnerTexts();
const paneOf = (page) => page.getByRole('complementary', { name: 'Alert pane' });
const box = (dana, title) => dana.alerts.getByRole('checkbox', { name: `Select alert ${title}`, exact: true });

journey('the Alerts tab shows at least 14 alerts with their times', { alerts: busy() }, async (world) => {
  const page = await world.signIn('dana', WIDE);
  const dana = new Analyst(page);
  await page.goto('/incidents/1/alerts');
  const inSight = (selector) => dana.alerts.locator(`tbody tr:visible ${selector}`).evaluateAll((cells) => cells.filter((cell) => {
    const { x, y, width, right, bottom } = cell.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, (y + bottom) / 2);
    return width > 0 && right <= innerWidth && bottom <= innerHeight && (cell.contains(top) || top?.contains(cell));
  }).length);
  for (const part of ['.col-name a:first-child', '.col-last time']) {
    const shown = await inSight(part);
    assert.ok(shown >= 14, `${shown} of ${part} are in sight`);
  }
  const heights = await dana.alerts.locator('tbody tr:visible').evaluateAll((rows) => rows.map((row) => row.offsetHeight));
  assert.ok(Math.max(...heights) <= 40, `a row is ${Math.max(...heights)} px high: more than one line`);
});

journey('equal titles are one row that opens and is ticked as one', { alerts: busy() }, async (world) => {
  const page = await world.signIn('dana', WIDE);
  const dana = new Analyst(page);
  await page.goto('/incidents/1/alerts');
  await becomes(async () => (await titles(dana)).filter((title) => title === 'Password guessed').length, 1);
  await box(dana, 'Password guessed').first().check();
  await page.getByText('4 selected', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Clear selection' }).click();
  await page.getByRole('button', { name: '4 alerts' }).click();
  await becomes(async () => (await titles(dana)).filter((title) => title === 'Password guessed').length, 4);
  await box(dana, 'Password guessed').nth(1).check();
  await page.getByText('1 selected', { exact: true }).waitFor();
});

/** One incident of 40 alerts with one title, four with another, and two more. */
const repeats = () => Array.from({ length: 46 }, (_, index) => alert({
  title: index < 40 ? 'Beacon' : index < 44 ? 'Password guessed' : `Odd script ${index}`,
  minutesAgo: 120 - index,
  category: TACTICS[index % TACTICS.length],
  severity: 'medium',
  evidence: [device('lab-ws-17'), user(`account-${index}`)],
}));

journey('ticking the row of many equal titles selects all of them, and its pane manages the open ones', { alerts: repeats() }, async (world) => {
  const page = await world.signIn('dana', WIDE);
  const dana = new Analyst(page);
  await page.goto('/incidents/1/alerts');
  await box(dana, 'Beacon').check();
  await page.getByText('40 selected', { exact: true }).waitFor();
  await box(dana, 'Beacon').uncheck();
  await becomes(() => page.locator('#bulk').isVisible(), false);
  await page.getByLabel('Select all on this page').check();
  await page.getByText('46 selected', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Clear selection' }).click();
  await becomes(() => page.locator('#bulk').isVisible(), false);
  await dana.alerts.getByRole('row').filter({ hasText: 'Beacon' }).getByRole('cell').nth(4).click();
  await paneOf(page).getByText('40 alerts with this title, 40 open').waitFor();
  await paneOf(page).getByRole('button', { name: 'Manage all 40 open' }).click();
  const form = page.getByRole('complementary', { name: 'Manage alerts' });
  await form.getByRole('heading', { name: 'Manage 40 alerts' }).waitFor();
  await form.getByLabel('Status').selectOption('Resolved');
  await form.getByRole('button', { name: 'Preview' }).click();
  await form.getByRole('button', { name: 'Apply' }).click();
  await dana.isTold(/^40 alerts /);
  await becomes(() => dana.alerts.getByRole('row').filter({ hasText: '40 alerts' }).locator('.col-status').innerText(), 'Resolved');
});

journey('a click with Shift selects all rows between, and the pane leads through equal titles', { alerts: repeats() }, async (world) => {
  const page = await world.signIn('dana', WIDE);
  const dana = new Analyst(page);
  await page.goto('/incidents/1/alerts');
  await box(dana, 'Odd script 45').click();
  await box(dana, 'Password guessed').first().click({ modifiers: ['Shift'] });
  await page.getByText('6 selected', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Clear selection' }).click();
  await becomes(async () => (await titles(dana)).length, 4);
  await page.locator('#row-44 td').nth(4).click();
  await paneOf(page).getByText('Alert 44', { exact: true }).waitFor();
  await page.keyboard.press('Shift+R');
  await paneOf(page).getByText('Alert 43', { exact: true }).waitFor();
  await becomes(async () => (await titles(dana)).length, 7);
});

journey('an alert opens beside the list, in the place of the forms of its incident, which keep what was typed', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana', WIDE);
  const dana = new Analyst(page);
  await page.goto(`/incidents/${await dana.id(PAIR)}/alerts`);
  await dana.field('Add comment', page).fill('Not sent yet');
  await dana.alerts.getByRole('row').filter({ hasText: SERVICE }).getByRole('cell').nth(4).click();
  await paneOf(page).getByRole('heading', { name: SERVICE }).waitFor();
  assert.equal(await dana.manage.count(), 0);
  await paneOf(page).getByLabel('Status').selectOption('In progress');
  await paneOf(page).getByRole('button', { name: 'Save', exact: true }).click();
  await dana.isTold('Saved.');
  await becomes(() => dana.alerts.getByRole('row').filter({ hasText: 'In progress' }).count(), 1);
  await dana.comment('Said of the alert.', paneOf(page));
  await shows(dana.history(paneOf(page)), 'Said of the alert.');
  await paneOf(page).getByRole('link', { name: 'Next alert' }).click();
  await paneOf(page).getByRole('heading', { name: SCRIPT }).waitFor();
  await page.keyboard.press('Escape');
  await dana.manage.waitFor();
  assert.equal(await dana.field('Add comment', page).inputValue(), 'Not sent yet');
  await page.getByText('Manage incident and comments').click();
  await dana.manage.waitFor({ state: 'hidden' });
  await page.reload();
  await dana.manage.waitFor({ state: 'hidden' });
});

journey('what somebody else does to the incident is not written into the pane of its alert', { alerts: lab() }, async (world) => {
  const [page, other] = [await world.signIn('dana', WIDE), await world.signIn('omar', WIDE)];
  const [dana, omar] = [new Analyst(page), new Analyst(other)];
  const id = await dana.id(PAIR);
  await page.goto(`/incidents/${id}/alerts?pane=2`);
  await paneOf(page).getByRole('heading', { name: SERVICE }).waitFor();
  await other.goto(`/incidents/${id}`);
  await omar.field('Status', omar.manage).selectOption('In progress');
  await omar.save(omar.manage);
  await becomes(() => page.locator('.incident-head .status').innerText(), 'In progress');
  assert.equal(await paneOf(page).locator('.status').innerText(), 'New');
  await omar.comment('Only of the incident.', other);
  await shows(omar.history(other), 'Only of the incident.');
  assert.equal(await dana.history(paneOf(page)).getByText('Only of the incident.').count(), 0);
});

for (const { how, scripted, options } of BOTH) {
  journey(`alerts of several incidents are classified and resolved at once, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', { ...WIDE, ...options });
    const dana = new Analyst(page, { scripted });
    await page.goto('/alerts');
    for (const title of [SCRIPT, MAILRULE]) await box(dana, title).check();
    await page.getByRole('button', { name: 'Manage alerts', exact: true }).click();
    const form = scripted ? page.getByRole('complementary', { name: 'Manage alerts' }) : page.getByRole('main');
    await form.getByLabel('Status').selectOption('Resolved');
    await form.getByLabel('Classification').selectOption('False positive - Not malicious');
    await form.getByRole('button', { name: 'Save' }).click();
    await dana.isTold('2 alerts resolved as False positive - Not malicious.');
    await page.goto('/alerts');
    assert.deepEqual((await titles(dana)).sort(), [SCAN, SERVICE].sort());
    await page.goto('/alerts?status=resolved');
    assert.deepEqual((await titles(dana)).sort(), [SCRIPT, MAILRULE].sort());
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });

  journey(`selected alerts are assigned, moved and tuned, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', { ...WIDE, ...options });
    const dana = new Analyst(page, { scripted });
    const target = await dana.id(MAILRULE);
    await page.goto('/alerts');
    for (const title of [SCRIPT, SCAN]) await box(dana, title).check();
    await page.getByRole('button', { name: 'Assign to me' }).click();
    await dana.isTold('2 alerts assigned to you.');
    await becomes(() => dana.alerts.locator('tbody tr').filter({ hasText: 'Dana Reyes' }).count(), 2);
    for (const title of [SCRIPT, SCAN]) await box(dana, title).setChecked(true);
    await page.getByRole('button', { name: 'Move alerts' }).click();
    await page.getByRole('heading', { name: 'Move 2 alerts' }).waitFor();
    await page.getByLabel('Target incident').fill(String(target));
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await dana.isTold(`2 alerts moved to incident ${target}.`);
    assert.equal(new URL(page.url()).pathname, '/alerts', 'the list stays');
    await box(dana, SCRIPT).check();
    await page.getByRole('button', { name: 'Tune' }).click();
    await page.waitForURL(/\/settings\/rules\/new\?/);
    assert.equal(new URL(page.url()).searchParams.has('csrf'), false, 'no token in an address');
  });
}

journey('the keys of the queue work in the list of alerts', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana', WIDE);
  const dana = new Analyst(page);
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await dana.alerts.waitFor();
  const [first, second] = await titles(dana);
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByText('1 selected', { exact: true }).waitFor();
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('o');
  await paneOf(page).getByRole('heading', { name: second }).waitFor();
  await page.keyboard.press('p');
  await paneOf(page).getByRole('heading', { name: first }).waitFor();
  await page.keyboard.press('Shift+R');
  await dana.isTold('resolved, no classification.');
  await paneOf(page).getByRole('heading', { name: second }).waitFor();
});

journey('on a narrow screen each alert is a card with its title, severity, status, assets and time', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana', { viewport: { width: 390, height: 844 } });
  const dana = new Analyst(page);
  for (const path of ['/alerts', '/incidents/1/alerts']) {
    await page.goto(path);
    const card = dana.alerts.getByRole('row').filter({ hasText: SERVICE });
    for (const part of ['.col-name', '.col-severity', '.col-status', '.col-assets', path === '/alerts' ? '.col-updated' : '.col-last']) {
      const place = await card.locator(`td${part}`).boundingBox();
      assert.ok(place && place.x >= 0 && place.x + place.width <= 390, `${part} of ${path} is not on the screen`);
    }
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `${path} is ${width} px wide`);
  }
});
