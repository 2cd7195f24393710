// What an analyst sees without scrolling, and what the pane and the queue do in one act.
import assert from 'node:assert/strict';
import { Analyst, BOTH } from './support/analyst.mjs';
import { PAIR, SCAN, alert, device, lab, user } from './support/alerts.mjs';
import { becomes, eventually, staysFrom } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const TACTICS = ['Execution', 'Persistence', 'DefenseEvasion', 'CredentialAccess', 'Discovery', 'LateralMovement', 'Exfiltration'];

/** One incident of 23 alerts, and twenty of one alert each. */
const busy = () => [
  ...Array.from({ length: 23 }, (_, index) => alert({
    title: `Suspicious activity ${index + 1} by a signed binary on a lab machine`,
    minutesAgo: 120 - index,
    category: TACTICS[index % TACTICS.length],
    severity: ['low', 'medium', 'high'][index % 3],
    evidence: [device('lab-ws-17'), user('ida.holm')],
  })),
  ...Array.from({ length: 20 }, (_, index) => alert({
    title: `Unusual sign-in ${index + 1} of a lab account`, minutesAgo: 40 + index, category: 'InitialAccess', evidence: [user(`account-${index + 1}`)],
  })),
];

const BIG = /^Multi-stage incident involving Execution & Exfiltration/;

/** Whether all of an element is within the window, and nothing lies over its middle. */
async function isInSight(locator) {
  return locator.first().evaluate((element) => {
    const box = element.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return box.width > 0 && box.y >= 0 && box.bottom <= innerHeight && (element === top || element.contains(top) || top?.contains(element));
  });
}

journey('in the pane of a large incident everything that triage needs is in sight', { alerts: busy() }, async (world) => {
  const page = await world.signIn('dana', { viewport: { width: 1440, height: 900 } });
  const dana = new Analyst(page);
  await dana.openPane(BIG);
  for (const [what, place] of [
    ['Status', dana.field('Status')],
    ['Classification', dana.field('Classification')],
    ['Save', dana.pane.getByRole('button', { name: 'Save', exact: true })],
    ['Resolve and next', dana.pane.getByRole('button', { name: 'Resolve and next' })],
    ['the first alert', dana.pane.getByRole('link', { name: /^Suspicious activity/ })],
    ['Add comment', dana.field('Add comment')],
    ['Open incident page', dana.pane.getByRole('link', { name: 'Open incident page' })],
    ['Assign to me', dana.pane.getByRole('button', { name: 'Assign to me' })],
  ]) assert.ok(await isInSight(place), `${what} is out of sight`);
  const first = await dana.pane.getByRole('link', { name: /^Suspicious activity/ }).first().innerText();
  assert.equal(first, 'Suspicious activity 21 by a signed binary on a lab machine', 'the newest of the gravest comes first');
});

journey('the queue shows at least 14 incidents', { alerts: busy() }, async (world) => {
  const page = await world.signIn('dana', { viewport: { width: 1440, height: 900 } });
  const dana = new Analyst(page);
  const lowest = await page.getByRole('navigation', { name: 'Pages' }).evaluate((element) => element.getBoundingClientRect().top);
  const bottoms = await dana.queue.locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().bottom));
  const shown = bottoms.filter((bottom) => bottom <= lowest).length;
  assert.ok(shown >= 14, `${shown} incidents are in sight`);
});

journey('the list is at the same place when one returns to it', { alerts: busy() }, async (world) => {
  const page = await world.signIn('dana', { viewport: { width: 1440, height: 900 } });
  const last = () => new Analyst(page).queue.locator('.col-name > a').last();
  await last().scrollIntoViewIfNeeded();
  const place = () => page.getByRole('region', { name: 'Incident list' }).evaluate((region) => region.scrollTop);
  const before = await place();
  assert.ok(before > 0);
  await last().click();
  await page.getByRole('link', { name: 'Incidents' }).first().waitFor();
  await page.waitForURL(/\/incidents\/\d+$/);
  await page.goBack();
  await becomes(place, before);
  await last().click();
  await page.waitForURL(/\/incidents\/\d+$/);
  await page.getByRole('main').getByRole('link', { name: 'Incidents', exact: true }).click();
  await page.waitForURL(/\/incidents$/);
  await becomes(place, before);
});

/** The part of each name that is to be seen. */
const visibleNames = (table) => table.locator('.col-name > a').evaluateAll((links) => links.map((link) => {
  const box = link.getBoundingClientRect();
  const text = link.firstChild;
  const range = document.createRange();
  let end = 0;
  for (; end < text.length; end += 1) {
    range.setStart(text, end);
    range.setEnd(text, end + 1);
    const place = range.getBoundingClientRect();
    if (place.bottom > box.bottom + 2 || place.right > box.right + 2) break;
  }
  return { seen: text.data.slice(0, end).trim(), whole: text.data };
}));

journey('no two incidents of the sample company look alike by name', { demo: true }, async (world) => {
  const page = await world.signInToDemo({ viewport: { width: 1440, height: 900 } });
  const names = await visibleNames(new Analyst(page).queue);
  assert.ok(names.length > 20);
  for (const [index, one] of names.entries()) {
    for (const other of names.slice(index + 1)) {
      assert.ok(one.whole === other.whole || one.seen !== other.seen, `"${one.seen}" stands for "${one.whole}" and "${other.whole}"`);
    }
  }
});

for (const { how, scripted, options } of BOTH) {
  journey(`an incident is resolved and the next one shown in one act, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    const dana = new Analyst(page, { scripted });
    const id = await dana.openPane(SCAN);
    const order = await dana.queue.getByRole('checkbox', { name: /^Select incident/ }).evaluateAll((boxes) => boxes.map((box) => Number(box.value)));
    const next = order[order.indexOf(id) + 1];
    await dana.field('Classification').selectOption({ label: 'False positive - Not malicious' });
    await dana.press('Resolve and next');
    await dana.isTold(`Incident ${id} resolved as False positive - Not malicious. 1 open alert resolved too.`);
    await dana.paneShows(next);
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await page.goto(`/incidents/${id}`);
    assert.equal(await dana.manage.getByLabel('Status').inputValue(), 'active', 'undone');
  });
}

journey('the sections of the pane stay as the person left them', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  await dana.openPane(PAIR);
  const section = (name) => dana.pane.locator(`[data-section=${name}]`);
  const isOpen = (name) => section(name).evaluate((details) => details.open);
  assert.equal(await isOpen('priority'), false);
  const saved = () => page.waitForResponse((response) => response.url().endsWith('/incidents/pane-layout'));
  await Promise.all([saved(), section('priority').locator('summary').click()]);
  await Promise.all([saved(), section('assets').locator('summary').click()]);
  const elsewhere = await world.signIn('dana');
  const again = new Analyst(elsewhere);
  await again.openPane(SCAN);
  assert.equal(await again.pane.locator('[data-section=priority]').evaluate((details) => details.open), true);
  assert.equal(await again.pane.locator('[data-section=assets]').evaluate((details) => details.open), false);
  await again.pane.getByRole('link', { name: 'Customize pane' }).click();
  await elsewhere.getByRole('button', { name: 'Move Incident details up' }).click();
  await elsewhere.getByRole('button', { name: 'Move Incident details up' }).click();
  await elsewhere.goto('/incidents');
  await again.openPane(SCAN);
  const order = await again.pane.locator('[data-section]').evaluateAll((all) => all.map((one) => one.dataset.section));
  assert.deepEqual(order, ['manage', 'alerts', 'assets', 'details', 'priority']);
});

journey('the score leads to its reasons', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  await dana.openPane(PAIR);
  const reasons = dana.pane.getByRole('list', { name: 'Reasons for the priority' });
  assert.equal(await reasons.isVisible(), false);
  await dana.pane.locator('a.score').click();
  await reasons.waitFor();
});

journey('selected incidents are managed beside the list, and nothing moves', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana', { viewport: { width: 1440, height: 900 } });
  const dana = new Analyst(page);
  const stays = await staysFrom(page);
  const ids = [await dana.id(SCAN), await dana.id(PAIR)];
  const topOf = () => dana.row(SCAN).evaluate((row) => row.getBoundingClientRect().top);
  const before = await topOf();
  for (const id of ids) await page.getByRole('checkbox', { name: `Select incident ${id}` }).check();
  assert.equal(await topOf(), before, 'the bar of the selection moves nothing');
  await page.getByRole('button', { name: 'Manage incidents' }).click();
  const form = page.getByRole('complementary', { name: 'Manage incidents' });
  await form.getByRole('heading', { name: 'Manage 2 incidents' }).waitFor();
  assert.ok(await dana.queue.isVisible(), 'the list is still there');
  await form.getByLabel('Status').selectOption('inProgress');
  await form.getByRole('button', { name: 'Save' }).click();
  await dana.isTold('2 incidents changed.');
  await form.waitFor({ state: 'detached' });
  await eventually(async () => { for (const name of [SCAN, PAIR]) assert.match(await dana.row(name).innerText(), /In progress/); });
  assert.equal(await topOf(), before, 'the message moves nothing');
  assert.equal(await page.getByRole('checkbox', { name: `Select incident ${ids[0]}` }).isChecked(), false);
  await becomes(() => page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /^New/ }).innerText().then((text) => text.trim()), 'New 1');
  await stays();
});

journey('the page of an incident leads through the list that it was opened from, and back', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  const list = '/incidents?sort=id';
  await page.goto(list);
  const [first, second, third] = await dana.queue.locator('[data-row]').evaluateAll((rows) => rows.map((row) => row.dataset.row));
  await page.locator(`#row-${first} .col-name > a`).click();
  await page.waitForURL(`**/incidents/${first}`);
  const main = page.getByRole('main');
  assert.equal(await main.getByRole('link', { name: 'Previous in the list' }).count(), 0);
  await main.getByRole('link', { name: 'Next in the list' }).click();
  await page.waitForURL(`**/incidents/${second}`);
  await dana.manage.getByRole('button', { name: 'Resolve and next' }).click();
  await dana.isTold(`Incident ${second} resolved, no classification.`);
  await page.waitForURL(`**/incidents/${third}`);
  await page.keyboard.press('p');
  await page.waitForURL(`**/incidents/${second}`);
  await page.keyboard.press('u');
  await page.waitForURL(`**${list}`);
  await page.goto('/alerts');
  const alert = dana.alerts.locator('[data-row] .col-name a').first();
  await alert.click();
  await page.waitForURL(/\/alerts\/\d+$/);
  await page.keyboard.press('u');
  await page.waitForURL(/\/alerts$/);
});

journey('the message about the last act is closed, and gives way to the next act', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  await dana.openPane(PAIR);
  const message = page.locator('[data-flash]');
  await dana.press('Assign to me');
  await dana.isTold('Assigned to you.');
  await message.getByRole('button', { name: 'Dismiss' }).click();
  assert.equal(await message.isVisible(), false);
  await dana.field('Status').selectOption('inProgress');
  await dana.save();
  await dana.comment('Looking at it');
  await becomes(() => message.isVisible(), false);
});

journey('keys classify, lead to the alerts and on to the next', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  const id = await dana.openPane(PAIR);
  const focused = () => page.evaluate(() => document.activeElement.name || document.activeElement.textContent.trim());
  await page.keyboard.press('v');
  assert.equal(await focused(), 'classification');
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  assert.match(await focused(), /lab/);
  await page.keyboard.press('c');
  await page.keyboard.type('Known admin work');
  await page.keyboard.press('Control+Enter');
  await dana.history().getByText('Known admin work').waitFor();
  await page.keyboard.press('Escape');
  await dana.field('Status').focus();
  await dana.field('Status').selectOption('inProgress');
  await page.keyboard.press('Control+Enter');
  await dana.isTold('Saved.');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+R');
  await dana.isTold(`Incident ${id} resolved, no classification.`);
});
