// What happens between a key and its answer: nothing is lost, skipped or done to the wrong incident.
import assert from 'node:assert/strict';
import { Analyst } from './support/analyst.mjs';
import { PAIR, SCAN, SERVICE, alert, device, lab } from './support/alerts.mjs';
import { becomes, eventually, shows } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const crowd = (count = 40) => Array.from({ length: count }, (_, index) => alert({ title: `Odd sign-in number ${index + 1}`, minutesAgo: 60 + index, evidence: [device(`lab-desk-${index + 1}`)] }));

/** Holds what the page asks of an address until it is let go. */
async function hold(page, matches, method = 'GET') {
  let go;
  const gate = new Promise((resolve) => { go = resolve; });
  let asked;
  const begun = new Promise((resolve) => { asked = resolve; });
  await page.route((url) => matches.test(url.pathname), async (route) => {
    if (route.request().method() !== method) { await route.fallback(); return; }
    asked();
    await gate;
    await route.fallback();
  });
  return { go, begun };
}
const paneId = (page) => page.evaluate(() => document.querySelector('[data-pane]')?.dataset.pane);
const ids = (page) => page.locator('[data-rows] > [data-row]').evaluateAll((rows) => rows.map((row) => Number(row.dataset.row)));

async function elsewhere(world, name, act) {
  const omar = new Analyst(await world.signIn('omar'));
  await omar.openPane(name);
  await act(omar);
  await omar.page.close();
}

journey('a form that came back refused keeps what was typed, whatever arrives after it', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const id = await dana.id(PAIR);
  await dana.page.goto(`/incidents/${id}`);
  await dana.field('Incident name', dana.manage).fill('As Dana names it');
  await elsewhere(world, PAIR, async (omar) => { await omar.field('Incident name').fill('As Omar names it'); await omar.save(); });
  await dana.press('Save', dana.manage);
  await dana.manage.getByRole('alert').waitFor();
  await dana.comment('And a word about it', dana.page);
  await shows(dana.history(dana.page), 'And a word about it');
  assert.equal(await dana.field('Incident name', dana.manage).inputValue(), 'As Dana names it');
  await dana.save(dana.manage);
  await dana.page.getByRole('heading', { level: 1, name: 'As Dana names it' }).waitFor();
});

journey('a late answer to a save is reported for its own incident, whichever is open by then', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const { page } = dana;
  const first = (await ids(page))[0];
  await page.locator(`#row-${first} .col-status`).click();
  await dana.paneShows(first);
  const late = await hold(page, new RegExp(`^/incidents/${first}$`), 'POST');
  await dana.field('Status').selectOption('inProgress');
  await dana.press('Save');
  await late.begun;
  await dana.pane.getByRole('link', { name: 'Next incident' }).click();
  const second = (await ids(page))[1];
  await dana.paneShows(second);
  await dana.field('Incident name').fill('Half a name');
  late.go();
  await dana.isTold(`Incident ${first}: Saved.`);
  assert.equal(await paneId(page), String(second));
  assert.equal(await dana.field('Incident name').inputValue(), 'Half a name');
  await becomes(() => page.locator(`#row-${first} .col-status`).innerText(), 'In progress');
  // What was saved is no draft of the first any more.
  await dana.pane.getByRole('link', { name: 'Previous incident' }).click();
  await dana.paneShows(first);
  assert.equal(await dana.field('Status').inputValue(), 'inProgress');
});

journey('what is typed after a save was sent is still there after its answer', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const id = await dana.openPane(PAIR);
  const late = await hold(dana.page, new RegExp(`^/incidents/${id}$`), 'POST');
  await dana.field('Status').selectOption('inProgress');
  await dana.press('Save');
  await late.begun;
  await dana.field('Incident name').fill('A name meanwhile');
  late.go();
  await dana.isTold('Saved.');
  assert.equal(await dana.field('Incident name').inputValue(), 'A name meanwhile');
  await dana.save();
  await dana.row('A name meanwhile').waitFor();
});

journey('a draft over what a colleague changed meanwhile is asked about, not written over it', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  await dana.openPane(PAIR);
  await dana.field('Incident name').fill('As Dana names it');
  await dana.press('Close');
  await elsewhere(world, PAIR, async (omar) => { await omar.field('Incident name').fill('As Omar names it'); await omar.save(); });
  await dana.page.reload();
  await dana.page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
  await dana.openPane('As Omar names it');
  assert.equal(await dana.field('Incident name').inputValue(), 'As Dana names it');
  await dana.press('Save');
  await shows(dana.pane.getByRole('alert'), 'Omar Haddad');
  await dana.save();
  await dana.row('As Dana names it').waitFor();
});

journey('the bracket keys move on as often as they are pressed, faster than any answer', { alerts: crowd() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const { page } = dana;
  const all = await ids(page);
  await page.locator(`#row-${all[0]} .col-status`).click();
  await dana.paneShows(all[0]);
  const late = await hold(page, /\/pane$/);
  for (let press = 0; press < 4; press += 1) await page.keyboard.press(']');
  late.go();
  await dana.paneShows(all[4]);
  await page.goBack();
  await dana.paneShows(all[0]);
});

journey('j over the end of a page turns one page, however often it is pressed', { alerts: crowd() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const { page } = dana;
  await page.goto('/incidents?limit=25&sort=id');
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
  const first = await ids(page);
  await page.locator(`#row-${first.at(-1)} .col-name a`).focus();
  const late = await hold(page, /\/incidents\/rows$/);
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('j');
  late.go();
  await becomes(async () => (await ids(page))[0], first.at(-1) + 1);
  assert.equal((await ids(page)).length, 15);
  await page.goBack();
  await becomes(() => ids(page), first);
});

journey('what is typed right after the key for a comment is the comment, not commands', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const { page } = dana;
  await page.keyboard.press('j');
  const late = await hold(page, /\/pane$/);
  await page.keyboard.press('c');
  await page.keyboard.type('jaxr known');
  late.go();
  await eventually(async () => assert.equal(await dana.field('Add comment').inputValue(), 'jaxr known'));
  assert.ok(await dana.field('Add comment').evaluate((field) => field === document.activeElement));
  await becomes(() => dana.field('Assigned to').inputValue(), '');
  assert.equal(await page.locator('input[name=ids]:checked').count(), 0);
});

journey('"Show" of more than a page leaves no gap in the list', { alerts: crowd() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const { page } = dana;
  await page.goto('/incidents?limit=25');
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
  const before = await ids(page);
  await world.server.ingest(Array.from({ length: 60 }, (_, index) => alert({ title: `Fresh ${index + 1}`, minutesAgo: 1, evidence: [device(`lab-new-${index + 1}`)] })));
  const line = page.locator('[data-updates]');
  await shows(line.getByRole('status'), '60 new', 15_000);
  await dana.press('Show', line);
  await becomes(() => ids(page).then((now) => now.length), 60 + before.length);
  assert.deepEqual((await ids(page)).slice(60), before);
  assert.deepEqual((await ids(page)).slice(0, 60).sort((one, other) => one - other), Array.from({ length: 60 }, (_, index) => 41 + index));
  await page.getByRole('link', { name: 'Next page' }).click();
  await becomes(async () => (await ids(page)).length, 15);
});

journey('"Show" brings in what happened up to the moment that it is pressed', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const line = dana.page.locator('[data-updates]');
  await elsewhere(world, PAIR, async (omar) => { await omar.field('Status').selectOption('inProgress'); await omar.save(); });
  await shows(line.getByRole('status'), '1 changed', 15_000);
  const quiet = await hold(dana.page, /\/incidents\/updates$/);
  await elsewhere(world, SCAN, async (omar) => { await omar.field('Status').selectOption('inProgress'); await omar.save(); });
  quiet.go();
  await dana.press('Show', line);
  await shows(dana.row(SCAN), 'In progress');
  await shows(dana.row(PAIR), 'In progress');
});

journey('an act of one\'s own in another tab brings the row up to date, unmarked', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const id = await dana.id(PAIR);
  const other = new Analyst(await dana.page.context().newPage());
  await other.page.goto(`/incidents/${id}`);
  await other.field('Status', other.manage).selectOption('inProgress');
  await other.save(other.manage);
  await shows(dana.row(PAIR), 'In progress', 15_000);
  assert.equal(await dana.row(PAIR).locator('.mark').count(), 0);
});

journey('after moving alerts in the dialog one button takes it back', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const { page } = dana;
  const source = await dana.id(PAIR);
  await page.goto(`/incidents/${source}/alerts`);
  await dana.alerts.getByRole('checkbox', { name: `Select alert ${SERVICE}` }).check();
  await page.getByRole('button', { name: 'Move alerts' }).click();
  await page.getByRole('radio', { name: 'New incident' }).check();
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await dana.isTold('1 alert moved to incident');
  await page.locator('[data-flash]').getByRole('button', { name: 'Undo' }).click();
  await dana.isTold('The move was undone. 1 alert moved back to incident');
  await page.goto(`/incidents/${source}/alerts`);
  await dana.alerts.getByRole('link', { name: SERVICE }).waitFor();
});

journey('nothing is lost when the server is away for a moment', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const { page } = dana;
  const id = await dana.openPane(PAIR);
  await dana.row(SCAN).getByRole('checkbox').check();
  await world.server.kill();
  await page.keyboard.press('Escape');
  await page.locator(`#row-${id} .col-status`).click();
  await dana.isTold('Watchdesk cannot be reached.');
  await world.server.start();
  await page.locator(`#row-${id} .col-status`).click();
  await dana.paneShows(id);
  assert.ok(await dana.row(SCAN).getByRole('checkbox').isChecked());
});
