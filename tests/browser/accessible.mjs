// Usable by keyboard, by screen reader, and on a narrow screen, in light and dark.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { Analyst } from './support/analyst.mjs';
import { MAILRULE, PAIR, SCAN, SERVICE, lab } from './support/alerts.mjs';
import { becomes } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const COLUMNS = 'name,id,priority,tags,severity,status,alerts,assignedTo,lastUpdate,created,categories,assets,serviceSources,detectionSources,products,firstActivity,lastActivity,classification,determination,followUp';
const TABS = ['', '/summary', '/alerts', '/devices', '/users', '/mailboxes', '/evidence', '/attachments', '/history'];

/** What axe holds against the page, seriously. */
async function faults(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id} at ${node.target.join(' ')}: ${node.any[0]?.message ?? node.failureSummary}`));
}

/** Notes each fault once, with the pages that have it. */
async function note(page, where, found) {
  for (const fault of await faults(page)) found.set(fault, [...(found.get(fault) ?? []), where]);
}

/** Every page an analyst meets, one after the other. */
async function tour(world, options, visit) {
  const stranger = await world.browse(options);
  await stranger.goto('/login');
  await visit(stranger, 'sign-in');
  const page = await world.signIn('dana', options);
  const dana = new Analyst(page);
  const [id, other] = [await dana.id(PAIR), await dana.id(SCAN)];
  await visit(page, 'queue');
  await page.getByRole('checkbox', { name: `Select incident ${id}` }).check();
  await visit(page, 'queue with a selection');
  await page.goto('/incidents');
  await page.getByRole('button', { name: 'Add filter' }).click();
  await page.getByRole('dialog', { name: 'Filters' }).waitFor();
  for (const name of ['Status', 'Determination', 'Service and detection sources', 'Entities', 'Time range']) await page.getByRole('dialog').locator('summary').filter({ hasText: new RegExp(`^${name}`) }).click();
  await visit(page, 'queue with open filters');
  await page.goto('/incidents');
  await page.getByText('Export', { exact: true }).click();
  await visit(page, 'queue with the export menu');
  await page.keyboard.press('Escape');
  await page.getByText('Activity', { exact: true }).click();
  await page.getByText('Show as table').click();
  await visit(page, 'queue with the chart');
  await page.getByText('Activity', { exact: true }).click();
  await page.goto('/incidents/chart');
  await visit(page, 'chart page');
  await page.goto('/incidents');
  await page.getByRole('button', { name: 'New view' }).click();
  await page.getByRole('dialog', { name: 'New view' }).waitFor();
  await visit(page, 'queue with a view being saved');
  await page.goto('/incidents');
  await page.getByRole('button', { name: `Alerts of incident ${id}` }).click();
  await page.getByRole('table', { name: `Alerts of incident ${id}` }).waitFor();
  await visit(page, 'queue with an expanded row');
  await page.goto(`/incidents?columns=${COLUMNS}`);
  await visit(page, 'queue with every column');
  for (const path of ['/incidents/filters?range=custom', '/incidents/columns', '/incidents/views', '/incidents/views/new?severity=high']) {
    await page.goto(path);
    await visit(page, path);
  }
  await page.goto('/incidents?q=nothing+like+this');
  await visit(page, 'empty queue');
  await page.goto(`/incidents?pane=${id}`);
  await dana.pane.waitFor();
  await dana.comment('A comment with `code`, a [link](https://example.com/) and\n\n- a list', dana.pane);
  await dana.history().getByRole('listitem').filter({ hasText: 'a list' }).first().waitFor();
  await dana.field('Add comment').pressSequentially('Ask @om');
  await page.getByRole('option', { name: 'Omar Haddad (omar)' }).waitFor();
  await visit(page, 'queue with pane and the people to mention');
  await page.keyboard.press('Enter');
  await dana.press('Preview', dana.pane);
  await dana.pane.locator('[data-preview] b').waitFor();
  await visit(page, 'queue with pane and the preview of a comment');
  await dana.field('Add comment').fill('');
  await dana.field('Tags').fill('axe');
  await visit(page, 'queue with pane and tag options');
  await dana.pane.getByRole('option', { name: /Create new/ }).click();
  await dana.field('Status').selectOption('resolved');
  await visit(page, 'queue with pane being edited');
  const omar = await world.signIn('omar');
  await omar.goto(`/incidents/${id}`);
  await omar.getByRole('textbox', { name: 'Add comment' }).fill('@dana, please look.');
  await omar.getByRole('button', { name: 'Comment', exact: true }).click();
  await omar.locator('.entry-comment', { hasText: 'please look' }).waitFor();
  await omar.close();
  for (const path of ['/mentions', '/search', '/search?q=lab', '/search?q=nothing+like+this', '/entities/device?name=lab-ws-17.lab.example']) {
    await page.goto(path);
    await visit(page, path);
  }
  for (const tab of TABS) {
    await page.goto(`/incidents/${id}${tab}`);
    await visit(page, `incident page${tab}`);
  }
  await page.goto(`/incidents/${id}/alerts`);
  await page.getByRole('checkbox', { name: `Select alert ${SERVICE}` }).check();
  await page.getByRole('button', { name: 'Move alerts' }).click();
  await page.getByRole('dialog').waitFor();
  await visit(page, 'move dialog');
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await becomes(() => page.getByLabel('Target incident').getAttribute('aria-invalid'), 'true');
  await visit(page, 'refused move');
  await page.goto(`/incidents/${id}/alerts`);
  await dana.alerts.getByRole('link', { name: SERVICE }).click();
  await page.getByRole('heading', { name: 'Alert details' }).waitFor();
  await visit(page, 'alert page');
  await page.goto('/alerts');
  await visit(page, 'alerts queue');
  await page.goto('/incidents');
  for (const one of [id, other]) await page.getByRole('checkbox', { name: `Select incident ${one}` }).check();
  await page.getByRole('button', { name: 'Manage incidents' }).click();
  await page.getByRole('region', { name: 'Manage incidents' }).waitFor();
  await visit(page, 'bulk page');
  await page.goto('/incidents/999999');
  await visit(page, 'page that is not there');
  const slow = new Analyst(await world.signIn('omar', options));
  await slow.page.goto(`/incidents/${other}`);
  await slow.field('Incident name', slow.manage).fill('Typed slowly');
  await page.goto(`/incidents/${other}`);
  await dana.field('Incident name', dana.manage).fill('Typed fast');
  await dana.save(dana.manage);
  await slow.press('Save', slow.manage);
  await slow.manage.getByRole('alert').waitFor();
  await visit(slow.page, 'conflict page');
}

for (const colorScheme of ['light', 'dark']) {
  journey(`no page has a serious accessibility fault, ${colorScheme}`, { alerts: lab() }, async (world) => {
    const found = new Map();
    await tour(world, { colorScheme, reducedMotion: 'reduce' }, (page, where) => note(page, where, found));
    assert.deepEqual([...found].map(([fault, places]) => `${fault} [${places.join(', ')}]`), []);
  });
}

for (const width of [360, 1024]) {
  journey(`no page scrolls sideways, ${width} px wide`, { alerts: lab() }, async (world) => {
    const wide = [];
    await tour(world, { viewport: { width, height: 740 } }, async (page, where) => {
      const { scrollWidth, clientWidth } = await page.evaluate(() => ({ scrollWidth: document.scrollingElement.scrollWidth, clientWidth: document.scrollingElement.clientWidth }));
      if (scrollWidth > clientWidth) wide.push(`${where}: ${scrollWidth} > ${clientWidth}`);
    });
    assert.deepEqual(wide, []);
  });
}

for (const width of [1024, 1280, 1440, 1920]) {
  journey(`no list lies under the form beside it, ${width} px wide`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', { viewport: { width, height: 900 } });
    const dana = new Analyst(page);
    const id = await dana.id(PAIR);
    for (const [tab, list] of [['alerts', 'Alert list'], ['devices', 'Devices list'], ['evidence', 'Evidence list']]) {
      await page.goto(`/incidents/${id}/${tab}`);
      const [left, right] = [await page.getByRole('region', { name: list }).boundingBox(), await dana.manage.boundingBox()];
      const beside = left.y < right.y + right.height && right.y < left.y + left.height;
      assert.ok(!beside || left.x + left.width <= right.x, `${list} ends at ${left.x + left.width}, the form begins at ${right.x}`);
    }
  });
}

journey('on a narrow screen the tab of the page is in sight', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana', { viewport: { width: 390, height: 844 } });
  await page.goto(`/incidents/${await new Analyst(page).id(PAIR)}/history`);
  const { x, width } = await page.getByRole('navigation', { name: 'Incident', exact: true }).getByRole('link', { name: 'Comments and history' }).boundingBox();
  assert.ok(x >= 0 && x + width <= 390, `the tab reaches from ${x} to ${x + width}`);
});

journey('by keyboard alone the pane opens, closes with Escape and gives the focus back', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label') || document.activeElement.textContent.trim());
  await page.goto('/incidents');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to content');
  assert.ok(await page.getByRole('link', { name: 'Skip to content' }).evaluate((link) => link.getBoundingClientRect().top >= 0), 'the skip link is seen when it has the focus');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  const id = await dana.id((await dana.names())[1]);
  for (let step = 0; step < 60 && await focused() !== `Open pane of ${id}`; step += 1) await page.keyboard.press('Tab');
  assert.equal(await focused(), `Open pane of ${id}`);
  await page.keyboard.press('Enter');
  await dana.paneShows(id);
  assert.ok(await dana.pane.evaluate((pane) => pane.contains(document.activeElement)), 'the focus goes into the pane');
  await page.keyboard.press('Escape');
  await dana.pane.waitFor({ state: 'detached' });
  assert.equal(await focused(), `Open pane of ${id}`);
});

journey('Escape closes the pane after a look at the next incident, and from a field only the field\'s own list', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  await dana.openPane((await dana.names())[0]);
  const next = await dana.id((await dana.names())[1]);
  await dana.pane.getByRole('link', { name: 'Next incident' }).focus();
  await page.keyboard.press('Enter');
  await dana.paneShows(next);
  assert.ok(await page.evaluate(() => document.querySelector('[data-pane]').contains(document.activeElement)), 'the focus is still in the pane');
  await dana.field('Tags').fill('half');
  await page.keyboard.press('Escape');
  await becomes(() => dana.field('Tags').getAttribute('aria-expanded'), 'false');
  assert.ok(await dana.pane.isVisible(), 'what is being typed is not thrown away by Escape');
  await dana.pane.getByRole('button', { name: 'Save' }).focus();
  await page.keyboard.press('Escape');
  await dana.pane.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), `Open pane of ${next}`);
});

journey('a tag is made and a comment is sent by keyboard', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  await dana.openPane(MAILRULE);
  await dana.field('Tags').focus();
  await page.keyboard.type('by keys');
  await page.keyboard.press('ArrowDown');
  const option = dana.pane.getByRole('listbox', { name: 'Tags' }).getByRole('option', { selected: true });
  await option.waitFor();
  assert.equal(await dana.field('Tags').getAttribute('aria-activedescendant'), await option.getAttribute('id'));
  await page.keyboard.press('Enter');
  await dana.pane.getByRole('checkbox', { name: 'Tag by keys' }).waitFor();
  await dana.field('Add comment').focus();
  await page.keyboard.type('Sent with both keys.');
  await page.keyboard.press('Control+Enter');
  await dana.history().getByRole('listitem').filter({ hasText: 'Sent with both keys.' }).waitFor();
});

journey('after Save, Assign to me and Comment the focus is still in the pane', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  // Asked of the page in one go: a pane held by a handle may be replaced between two questions.
  const inPane = () => page.evaluate(() => document.querySelector('[data-pane]').contains(document.activeElement));
  await dana.openPane(MAILRULE);
  await dana.field('Add comment').fill('By keyboard.');
  await dana.pane.getByRole('button', { name: 'Comment', exact: true }).press('Enter');
  await dana.history().getByRole('listitem').filter({ hasText: 'By keyboard.' }).waitFor();
  const lost = [];
  if (!(await inPane())) lost.push('after Comment');
  await dana.pane.getByRole('button', { name: 'Assign to me' }).press('Enter');
  // The stream tells the new owner before the answer brings the new pane.
  await dana.pane.getByRole('button', { name: 'Assign to me' }).waitFor({ state: 'detached' });
  if (!(await inPane())) lost.push('after Assign to me');
  await dana.field('Severity').selectOption('high');
  await dana.pane.getByRole('button', { name: 'Save' }).press('Enter');
  await page.getByText('Saved.').waitFor();
  if (!(await inPane())) lost.push('after Save');
  assert.deepEqual(lost, []);
});
