// Finding everything about a name, and what its page says.
import assert from 'node:assert/strict';
import { BOTH } from './support/analyst.mjs';
import { MAILRULE, PAIR, lab } from './support/alerts.mjs';
import { journey } from './support/journey.mjs';

for (const { how, options } of BOTH) {
  journey(`a name is searched, its page opened and noted on, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    const field = page.getByRole('search').getByRole('searchbox', { name: 'Search Watchdesk' });
    await field.fill('IDA.HOLM');
    await field.press('Enter');
    await page.getByRole('region', { name: 'Users' }).getByRole('link', { name: 'ida.holm' }).click();
    const incidents = page.getByRole('table', { name: 'Incidents with it' });
    await incidents.getByRole('link', { name: new RegExp(MAILRULE) }).waitFor();
    await page.getByRole('textbox', { name: 'Known to us as' }).fill('On leave until March');
    await page.getByRole('button', { name: 'Save note' }).click();
    await page.getByText('has a new note').waitFor();
    await incidents.getByRole('link', { name: new RegExp(MAILRULE) }).click();
    await page.getByRole('navigation', { name: 'Incident' }).getByRole('link', { name: /^Users/ }).click();
    await page.getByText('On leave until March').waitFor();
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}

journey('at 390 pixels the search has a page of its own, and nothing is wider than the screen', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana', { viewport: { width: 390, height: 844 } });
  await page.getByRole('banner').getByRole('link', { name: 'Search' }).click();
  await page.getByRole('searchbox', { name: 'Search for' }).fill(PAIR.slice(0, 12));
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByRole('region', { name: 'Incidents' }).getByRole('link').first().waitFor();
  for (const path of ['/search?q=lab', '/entities/device?name=lab-ws-17.lab.example']) {
    await page.goto(path);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `${path} is ${width} pixels wide`);
  }
  assert.deepEqual(world.complaints, [], 'the browser complained');
});
