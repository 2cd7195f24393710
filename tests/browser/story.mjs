// The attack story: read from its beginning to the evidence of an alert, with and without JavaScript.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { Analyst } from './support/analyst.mjs';
import { alert, device, user } from './support/alerts.mjs';
import { eventually, staysFrom } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const SIGN_IN = 'Sign-in from a lab address nobody knows';
const SCRIPT = 'Encoded script started on a lab host';
const RULE = 'Forwarding rule made for a lab mailbox';

const attack = () => {
  const ida = user('ida.holm');
  const script = (minutesAgo) => alert({ title: SCRIPT, minutesAgo, severity: 'high', evidence: [ida, device('lab-ws-17')] });
  return [
    alert({ title: SIGN_IN, minutesAgo: 300, category: 'InitialAccess', evidence: [ida] }),
    script(290), script(288), script(280),
    alert({ title: RULE, minutesAgo: 60, category: 'Collection', severity: 'low', evidence: [ida] }),
  ];
};

/** What axe holds against the page, seriously. */
async function faults(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id} at ${nodes[0].target.join(' ')}`);
}

const fitsIn = (page, width) => page.evaluate((most) => document.documentElement.scrollWidth <= most, width);
const line = (page, title) => page.locator('.line-row').filter({ hasText: title });

journey('an analyst reads an attack in place, and a change is told without moving anything', { alerts: attack() }, async (world) => {
  const page = await world.signIn('dana', { viewport: { width: 1440, height: 900 } });
  await page.goto('/incidents/1');
  const stays = await staysFrom(page);
  await page.getByText('Began with the user ida.holm').waitFor();
  await line(page, SCRIPT).locator('summary').click();
  await line(page, SCRIPT).getByRole('region', { name: /^Evidence of alert/ }).waitFor();
  await line(page, SCRIPT).getByText('lab-ws-17').first().waitFor();
  await stays();
  assert.deepEqual(await faults(page), []);
  assert.ok(await fitsIn(page, 1440));

  const told = page.getByText('This incident has changed.');
  const omar = new Analyst(await world.signIn('omar'));
  await omar.page.goto('/incidents/1');
  await omar.comment('Only a word', omar.page);
  await page.getByText('Only a word').waitFor();
  assert.equal(await told.isVisible(), false, 'a comment changes no story');
  await omar.field('Severity', omar.manage).selectOption('low');
  await omar.save(omar.manage);
  await told.waitFor();
  assert.ok(await line(page, SCRIPT).getByRole('region', { name: /^Evidence of alert/ }).isVisible(), 'what was open stays');
  await stays();
  await page.getByRole('link', { name: 'Reload the story' }).click();
  await eventually(async () => assert.equal(await told.isVisible(), false));
  assert.deepEqual(world.complaints, [], 'the browser complained');
});

for (const colorScheme of ['light', 'dark']) {
  journey(`the story is read on a narrow screen, ${colorScheme}`, { alerts: attack() }, async (world) => {
    const page = await world.signIn('dana', { viewport: { width: 390, height: 844 }, colorScheme });
    await page.goto('/incidents/1');
    await page.getByRole('heading', { name: 'Graph' }).waitFor();
    assert.ok(await fitsIn(page, 390), 'only the graph and the table scroll sideways');
    assert.deepEqual(await faults(page), []);
    await page.locator('svg.graph a').first().focus();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.closest('svg.graph') !== null), true, 'the keyboard reaches the boxes');
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}

journey('the story is read without JavaScript', { alerts: attack() }, async (world) => {
  const page = await world.signIn('dana', { javaScriptEnabled: false });
  await page.goto('/incidents/1');
  await page.getByRole('navigation', { name: 'Filter the story' }).getByRole('link', { name: /^High/ }).click();
  await eventually(async () => assert.equal(await page.locator('.line-row').count(), 1));
  await page.getByRole('link', { name: 'Show all alerts' }).click();
  await line(page, SIGN_IN).getByRole('link', { name: 'Graph up to here' }).click();
  await page.getByText('Step 1 of 3').waitFor();
  await page.getByRole('navigation', { name: 'Steps through time' }).getByRole('link', { name: 'Next' }).click();
  await page.getByText('Step 2 of 3').waitFor();
  await line(page, SCRIPT).locator('summary').click();
  await line(page, SCRIPT).getByRole('link', { name: 'Evidence of the first' }).click();
  await page.getByRole('heading', { name: `Evidence of ${SCRIPT}` }).waitFor();
  assert.deepEqual(world.complaints, [], 'the browser complained');
});
