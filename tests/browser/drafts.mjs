// Nothing that somebody typed is ever lost, whatever they click next.
import assert from 'node:assert/strict';
import { Analyst } from './support/analyst.mjs';
import { PAIR, lab } from './support/alerts.mjs';
import { becomes, eventually, shows } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const typed = async (lena, place = lena.pane) => ({
  name: await lena.field('Incident name', place).inputValue(),
  comment: await lena.field('Add comment', lena.page).inputValue(),
});
const DRAFT = { name: 'Half a name', comment: 'Half a comment' };
async function draft(lena, place = lena.pane) {
  await lena.field('Incident name', place).fill(DRAFT.name);
  await lena.field('Add comment', lena.page).fill(DRAFT.comment);
}

journey('"Assign to me" in the pane leaves a half-typed comment and a half-edited name', { alerts: lab() }, async (world) => {
  const lena = new Analyst(await world.signIn('lena'));
  await lena.openPane(PAIR);
  await draft(lena);
  await lena.press('Assign to me');
  await becomes(() => lena.field('Assigned to').inputValue(), 'lena');
  assert.deepEqual(await typed(lena), DRAFT);
});

journey('"Assign to me" on the page leaves a half-typed comment and a half-edited name', { alerts: lab() }, async (world) => {
  const lena = new Analyst(await world.signIn('lena'));
  const id = await lena.id(PAIR);
  await lena.page.goto(`/incidents/${id}`);
  await draft(lena, lena.manage);
  await lena.press('Assign to me', lena.manage);
  await becomes(() => lena.field('Assigned to', lena.manage).inputValue(), 'lena');
  assert.deepEqual(await typed(lena, lena.manage), DRAFT);
});

journey('saving the form leaves a half-typed comment, in the pane and on the page', { alerts: lab() }, async (world) => {
  const lena = new Analyst(await world.signIn('lena'));
  const id = await lena.openPane(PAIR);
  await lena.field('Add comment').fill('Half a comment');
  await lena.field('Status').selectOption('inProgress');
  await lena.save();
  assert.equal(await lena.field('Add comment').inputValue(), 'Half a comment', 'in the pane');
  await lena.page.goto(`/incidents/${id}`);
  await lena.field('Add comment', lena.page).fill('Half a comment');
  await lena.field('Status', lena.manage).selectOption('active');
  await lena.save(lena.manage);
  assert.equal(await lena.field('Add comment', lena.page).inputValue(), 'Half a comment', 'on the page');
});

journey('walking to the next incident and back keeps what was typed', { alerts: lab() }, async (world) => {
  const lena = new Analyst(await world.signIn('lena'));
  const [first, second] = await lena.queue.locator('[data-row]').evaluateAll((rows) => rows.map((row) => row.dataset.row));
  await lena.page.locator(`#row-${first} .col-status`).click();
  await lena.paneShows(first);
  await draft(lena);
  await lena.pane.getByRole('link', { name: 'Next incident' }).click();
  await lena.paneShows(second);
  await lena.pane.getByRole('link', { name: 'Previous incident' }).click();
  await lena.paneShows(first);
  assert.deepEqual(await typed(lena), DRAFT);
});

journey('posting a comment leaves a half-edited name', { alerts: lab() }, async (world) => {
  const lena = new Analyst(await world.signIn('lena'));
  await lena.openPane(PAIR);
  await draft(lena);
  await lena.press('Comment');
  await shows(lena.history(), 'Half a comment');
  await becomes(() => typed(lena), { name: DRAFT.name, comment: '' });
});

journey('Back from the incident page finds the half-typed comment', { alerts: lab() }, async (world) => {
  const lena = new Analyst(await world.signIn('lena'));
  await lena.openPane(PAIR);
  await draft(lena);
  await lena.pane.getByRole('link', { name: 'Open incident page' }).click();
  await lena.manage.waitFor();
  await lena.page.goBack();
  await lena.pane.waitFor();
  assert.equal((await typed(lena)).comment, DRAFT.comment);
});

journey('what was typed survives a sign-out in another tab', { alerts: lab() }, async (world) => {
  const lena = new Analyst(await world.signIn('lena'));
  await lena.openPane(PAIR);
  await draft(lena);
  const tab = await lena.page.context().newPage();
  await tab.goto('/incidents');
  await tab.getByRole('button', { name: 'Sign out' }).click();
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
  await lena.page.bringToFront();
  const answered = lena.page.waitForResponse((response) => response.request().method() === 'POST');
  await lena.press('Comment');
  await answered;
  await shows(lena.page.locator('body'), /sign(ed)? (in|out)|could not|cannot|did not work/i);
  assert.deepEqual(await typed(lena), DRAFT);
  await lena.press('Save');
  await eventually(() => assert.match(lena.page.url(), /pane=/));
  assert.deepEqual(await typed(lena), DRAFT);
});
