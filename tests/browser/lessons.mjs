// Lessons: what the sample company can learn, for everybody, on every screen and on paper.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { journey } from './support/journey.mjs';

/** What axe holds against the page, seriously. */
async function faults(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id} at ${node.target.join(' ')}: ${node.any[0]?.message ?? node.failureSummary}`));
}

journey('Lessons of the sample company name the rule to tune, the one that is right, and the one of which it cannot be said', { demo: true }, async (world) => {
  const page = await world.signInToDemo();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Lessons' }).click();
  await page.getByLabel('Time', { exact: true }).selectOption('90d');
  await page.getByRole('button', { name: 'Show' }).click();
  const rules = page.getByRole('list', { name: 'To tune' }).getByRole('listitem');
  assert.equal(await rules.count(), 1);
  assert.match(await rules.innerText(), /Many files were read in a short time/);
  const row = (name) => page.getByRole('table', { name: 'Detections' }).getByRole('row').filter({ hasText: name });
  assert.match(await row('Mail from a domain that looks like ours').innerText(), /4 % \(1 to 20 %\)/);
  assert.match(await row('Removable drive on a server').innerText(), /cannot say yet/);
  await rules.getByRole('link', { name: /^Tune/ }).click();
  assert.equal(await page.getByLabel('Title', { exact: true }).inputValue(), 'Many files were read in a short time');
  await page.goBack();
  const number = row('Mail from a domain that looks like ours').getByRole('link').first();
  const counted = await number.innerText();
  await number.click();
  assert.match(await page.getByRole('main').innerText(), new RegExp(`\\b${counted} alerts\\b`));
});

journey('Lessons work without JavaScript', { demo: true }, async (world) => {
  const page = await world.browse({ javaScriptEnabled: false });
  await page.goto(world.server.signInLink);
  await page.goto('/lessons');
  await page.getByLabel('Severity').selectOption('high');
  await page.getByRole('button', { name: 'Show' }).click();
  assert.match(page.url(), /severity=high/);
  await page.getByText('Show days as table').click();
  assert.ok(await page.getByRole('table', { name: 'Days' }).getByRole('link').count() > 0);
});

for (const [width, height] of [[1440, 900], [390, 844]]) {
  for (const colorScheme of ['light', 'dark']) {
    journey(`axe finds nothing serious on Lessons, ${width} wide, ${colorScheme}`, { demo: true }, async (world) => {
      const page = await world.signInToDemo({ viewport: { width, height }, colorScheme });
      for (const path of ['/lessons?range=90d', '/lessons?range=7d&severity=high&colour=red', '/lessons?from=2020-01-01&to=2020-01-02', '/lessons/how']) {
        await page.goto(path);
        assert.deepEqual(await faults(page), [], path);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wide <= 0, `${path} is ${wide} too wide`);
      }
    });
  }
}
