// What people say of an entity, and its short facts beside links to it.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { Analyst, BOTH } from './support/analyst.mjs';
import { PAIR, lab } from './support/alerts.mjs';
import { becomes } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const DEVICE = '/entities/device?name=lab-ws-17.lab.example';

/** What axe holds against the page, seriously. */
async function faults(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}

for (const { how, scripted, options } of BOTH) {
  journey(`an entity is tagged and commented on, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    const dana = new Analyst(page, { scripted });
    await page.goto(DEVICE);
    const main = page.getByRole('main');
    await dana.tag('Lab', main);
    await dana.press('Save tags', main);
    await dana.isTold('Tags of lab-ws-17.lab.example saved.');
    await page.getByRole('checkbox', { name: 'Tag Lab' }).waitFor();
    await dana.comment('Belongs to the **lab**.', main);
    await dana.isTold('Comment added.');
    const history = page.getByRole('region', { name: 'Comments and history' });
    await becomes(() => history.getByRole('listitem').count(), 2);
    await history.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByRole('textbox', { name: 'Edit your comment' }).fill('Belongs to the lab in Kiel.');
    await dana.press('Save comment', main);
    await history.getByText('Earlier texts').waitFor();
    await page.getByRole('checkbox', { name: 'Tag Lab' }).uncheck();
    await dana.press('Save tags', main);
    await history.getByText('Tag removed: Lab').waitFor();
    assert.equal(await page.getByRole('checkbox', { name: 'Tag Lab' }).count(), 0);
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}

/** The devices of the incident of two alerts; counts the cards that the page fetches. */
async function devices(world, options) {
  const page = await world.signIn('dana', options);
  const id = await new Analyst(page).id(PAIR);
  const fetched = [];
  page.on('request', (request) => { if (request.url().includes('/card')) fetched.push(request.url()); });
  await page.clock.install();
  await page.goto(`/incidents/${id}/devices`);
  const link = page.getByRole('table', { name: 'Devices' }).getByRole('link', { name: 'lab-ws-17' });
  return { page, link, fetched, card: page.getByRole('tooltip') };
}

const boxes = (...places) => Promise.all(places.map((place) => place.boundingBox()));
const isApart = ([one, other]) => one.y + one.height <= other.y || other.y + other.height <= one.y;

journey('a mouse that rests on a link to an entity is shown its short facts, and one that passes fetches nothing', { alerts: lab() }, async (world) => {
  const { page, link, fetched, card } = await devices(world);
  await link.waitFor();
  const [{ x, y, width, height }] = await boxes(link);
  // The script is loaded at the first movement.
  const loaded = page.waitForResponse(/later\.js/);
  await page.mouse.move(5, 5);
  await loaded;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.move(5, 5);
  await page.clock.runFor(2000);
  assert.deepEqual(fetched, [], 'the pointer only passed');
  await page.mouse.move(x + width / 2, y + height / 2);
  await card.waitFor();
  assert.equal(fetched.length, 1);
  await becomes(() => card.innerText().then((text) => ['lab-ws-17.lab.example', 'Device', '1, 1 open'].every((part) => text.includes(part))), true);
  assert.ok(isApart(await boxes(link, card)), 'the card lies over its link');
  assert.deepEqual(await faults(page), []);
  const [place] = await boxes(card);
  await page.mouse.move(place.x + 20, place.y + 20, { steps: 5 });
  await page.clock.runFor(2000);
  assert.ok(await card.isVisible(), 'the pointer can go to the card');
  await page.mouse.move(5, 5);
  await card.waitFor({ state: 'hidden' });
  await link.hover();
  await card.waitFor();
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'hidden' });
  assert.equal(await link.getAttribute('aria-describedby'), null);
  assert.equal(fetched.length, 1, 'once for each entity and page');
  await page.mouse.move(5, 5);
  await link.hover();
  await card.waitFor();
  await page.evaluate(() => document.dispatchEvent(new Event('scroll')));
  await card.waitFor({ state: 'hidden' });
  assert.deepEqual(world.complaints, [], 'the browser complained');
});

journey('the keyboard comes to a link and its short facts describe it', { alerts: lab() }, async (world) => {
  const { page, link, card } = await devices(world);
  await page.keyboard.press('Tab');
  await link.focus();
  await card.waitFor();
  assert.equal(await link.getAttribute('aria-describedby'), await card.getAttribute('id'));
  assert.ok(isApart(await boxes(link, card)), 'the card lies over its link');
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'hidden' });
  assert.ok(await link.evaluate((element) => element === document.activeElement), 'the focus stays');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  await card.waitFor();
  await page.keyboard.press('Tab');
  await card.waitFor({ state: 'hidden' });
  assert.deepEqual(world.complaints, [], 'the browser complained');
});

for (const [width, colorScheme] of [[1440, 'light'], [1440, 'dark'], [390, 'light'], [390, 'dark']]) {
  journey(`axe finds nothing serious on an entity with tags, comments and a card, ${width} wide, ${colorScheme}`, { alerts: lab() }, async (world) => {
    const { page, link, card } = await devices(world, { viewport: { width, height: 844 }, colorScheme });
    const loaded = page.waitForResponse(/later\.js/);
    await page.mouse.move(5, 5);
    await loaded;
    await becomes(async () => {
      await page.mouse.move(5, 5);
      await link.hover();
      await page.clock.runFor(400);
      return card.isVisible();
    }, true);
    assert.deepEqual(await faults(page), []);
    const [{ x, width: wide }] = await boxes(card);
    assert.ok(x >= 0 && x + wide <= width, 'the card is on the screen');
    await page.goto(DEVICE);
    const dana = new Analyst(page);
    const main = page.getByRole('main');
    await dana.tag('A tag of some length', main);
    await dana.press('Save tags', main);
    await dana.comment('A comment with `code` and\n\n- a list', main);
    await dana.isTold('Comment added.');
    assert.deepEqual(await faults(page), []);
    const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(scrolled <= width, `the page is ${scrolled} pixels wide`);
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}

journey('a finger is shown no card', { alerts: lab() }, async (world) => {
  const { page, link, fetched } = await devices(world, { hasTouch: true, viewport: { width: 390, height: 844 } });
  await link.evaluate((element) => element.addEventListener('click', (event) => event.preventDefault()));
  await link.tap();
  await page.waitForFunction(() => document.querySelector('script[src*="later.js"]'));
  await page.clock.runFor(2000);
  assert.deepEqual(fetched, []);
});
