// Nothing that somebody typed is ever lost, whatever they click next.
import assert from 'node:assert/strict';
import { Analyst, signOut } from './support/analyst.mjs';
import { PAIR, lab } from './support/alerts.mjs';
import { becomes, eventually, shows } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const typed = async (dana, place = dana.pane) => ({
  name: await dana.field('Incident name', place).inputValue(),
  comment: await dana.field('Add comment', dana.page).inputValue(),
});
const DRAFT = { name: 'Half a name', comment: 'Half a comment' };
async function draft(dana, place = dana.pane) {
  await dana.field('Incident name', place).fill(DRAFT.name);
  await dana.field('Add comment', dana.page).fill(DRAFT.comment);
}

journey('"Assign to me" in the pane leaves a half-typed comment and a half-edited name', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  await dana.openPane(PAIR);
  await draft(dana);
  await dana.press('Assign to me');
  await becomes(() => dana.field('Assigned to').inputValue(), 'dana');
  assert.deepEqual(await typed(dana), DRAFT);
});

journey('"Assign to me" on the page leaves a half-typed comment and a half-edited name', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const id = await dana.id(PAIR);
  await dana.page.goto(`/incidents/${id}`);
  await draft(dana, dana.manage);
  await dana.press('Assign to me', dana.manage);
  await becomes(() => dana.field('Assigned to', dana.manage).inputValue(), 'dana');
  assert.deepEqual(await typed(dana, dana.manage), DRAFT);
});

journey('saving the form leaves a half-typed comment, in the pane and on the page', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const id = await dana.openPane(PAIR);
  await dana.field('Add comment').fill('Half a comment');
  await dana.field('Status').selectOption('inProgress');
  await dana.save();
  assert.equal(await dana.field('Add comment').inputValue(), 'Half a comment', 'in the pane');
  await dana.page.goto(`/incidents/${id}`);
  await dana.field('Add comment', dana.page).fill('Half a comment');
  await dana.field('Status', dana.manage).selectOption('active');
  await dana.save(dana.manage);
  assert.equal(await dana.field('Add comment', dana.page).inputValue(), 'Half a comment', 'on the page');
});

journey('walking to the next incident and back keeps what was typed', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  const [first, second] = await dana.queue.locator('[data-row]').evaluateAll((rows) => rows.map((row) => row.dataset.row));
  await dana.page.locator(`#row-${first} .col-status`).click();
  await dana.paneShows(first);
  await draft(dana);
  await dana.pane.getByRole('link', { name: 'Next incident' }).click();
  await dana.paneShows(second);
  await dana.pane.getByRole('link', { name: 'Previous incident' }).click();
  await dana.paneShows(first);
  assert.deepEqual(await typed(dana), DRAFT);
});

journey('posting a comment leaves a half-edited name', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  await dana.openPane(PAIR);
  await draft(dana);
  await dana.press('Comment');
  await shows(dana.history(), 'Half a comment');
  await becomes(() => typed(dana), { name: DRAFT.name, comment: '' });
});

journey('Back from the incident page finds the half-typed comment', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  await dana.openPane(PAIR);
  await draft(dana);
  await dana.pane.getByRole('link', { name: 'Open incident page' }).click();
  await dana.manage.waitFor();
  await dana.page.goBack();
  await dana.pane.waitFor();
  assert.equal((await typed(dana)).comment, DRAFT.comment);
});

journey('what was typed survives a sign-out in another tab', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  await dana.openPane(PAIR);
  await draft(dana);
  const tab = await dana.page.context().newPage();
  await tab.goto('/incidents');
  await signOut(tab);
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
  await dana.page.bringToFront();
  const answered = dana.page.waitForResponse((response) => response.request().method() === 'POST');
  await dana.press('Comment');
  await answered;
  await shows(dana.pane, /session has ended/i);
  assert.deepEqual(await typed(dana), DRAFT);
  await dana.press('Save');
  await eventually(() => assert.match(dana.page.url(), /pane=/));
  assert.deepEqual(await typed(dana), DRAFT);
});

const kept = (page) => page.evaluate(() => JSON.stringify({ ...sessionStorage }) + JSON.stringify({ ...localStorage }));

journey('what somebody typed is neither shown to nor saved for the next person in the tab', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  const id = await dana.openPane(PAIR);
  const name = await dana.field('Incident name').inputValue();
  await draft(dana);
  await signOut(page);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.doesNotMatch(await kept(page), /Half a/);
  await world.signInOn(page, 'omar');
  const omar = new Analyst(page);
  await omar.openPane(PAIR);
  assert.deepEqual(await typed(omar), { name, comment: '' });
  await page.goto(`/incidents/${id}`);
  assert.deepEqual(await typed(omar, omar.manage), { name, comment: '' });
  // Back through everything that the tab showed, to the pages of Dana.
  for (let step = 0; step < 6; step += 1) {
    await page.goBack();
    const values = await page.locator('input, textarea').evaluateAll((fields) => fields.map((field) => field.value));
    assert.ok(!values.some((value) => value.startsWith('Half a')), `after ${step + 1} steps back at ${page.url()}`);
  }
  await page.goto(`/incidents/${id}/history?show=comments`);
  assert.doesNotMatch(await page.locator('body').innerText(), /Half a/);
});

journey('a tab that stayed open when somebody else signed in in another one shows nothing of the first person', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  await dana.openPane(PAIR);
  await draft(dana);
  const tab = await page.context().newPage();
  await tab.goto('/incidents');
  await signOut(tab);
  await world.signInOn(tab, 'omar');
  await page.bringToFront();
  await shows(page.getByRole('banner'), 'Omar Haddad');
  await dana.pane.waitFor();
  await becomes(async () => (await typed(dana)).comment, '');
  assert.doesNotMatch(await kept(page), /Half a/);
});

journey('whoever signs in again finds what they had typed', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  await dana.openPane(PAIR);
  await draft(dana);
  // Their session has ended, without a sign-out.
  await page.context().clearCookies({ name: 'watchdesk' });
  await page.goto('/incidents');
  await world.signInOn(page, 'dana');
  await dana.openPane(PAIR);
  assert.deepEqual(await typed(dana), DRAFT);
});

for (const place of ['pane', 'page']) {
  journey(`what is not saved is said and can be discarded, in the ${place}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana');
    const dana = new Analyst(page);
    const id = await dana.openPane(PAIR);
    await draft(dana);
    await dana.field('Tags').fill('half a tag');
    await dana.page.keyboard.press('Enter');
    if (place === 'page') await page.goto(`/incidents/${id}`);
    const form = place === 'pane' ? dana.pane : dana.manage;
    assert.equal(await dana.field('Incident name', form).inputValue(), DRAFT.name);
    const unsaved = form.locator('[data-unsaved]:visible').filter({ hasText: 'Not saved yet' });
    await unsaved.waitFor();
    await form.getByRole('button', { name: 'Discard' }).click();
    await becomes(() => dana.field('Incident name', form).inputValue(), PAIR);
    assert.equal(await form.getByRole('checkbox', { name: 'Tag half a tag' }).count(), 0);
    await unsaved.waitFor({ state: 'hidden' });
    await page.reload();
    assert.deepEqual(await typed(dana, form), { name: PAIR, comment: DRAFT.comment });
  });
}

journey('Ctrl+Enter in the tag field saves the form with the tag', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  await dana.openPane(PAIR);
  await dana.field('Tags').fill('phishing wave');
  await dana.page.keyboard.press('Control+Enter');
  await dana.isTold('Saved.');
  await shows(dana.history(), 'Tag added: phishing wave');
});
