// Two people at one incident see each other's work as it happens.
import assert from 'node:assert/strict';
import { Analyst } from './support/analyst.mjs';
import { MAILRULE, PAIR, SERVICE, alert, device, lab } from './support/alerts.mjs';
import { becomes, shows, staysFrom } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const AT_ONCE = 2_000;

async function together(world, name) {
  const [lena, omid] = [new Analyst(await world.signIn('lena')), new Analyst(await world.signIn('omid'))];
  const id = await lena.openPane(name);
  await omid.openPane(name);
  return { lena, omid, id };
}

journey('a comment in one browser appears in the other\'s pane at once and leaves half-typed text alone', { alerts: lab() }, async (world) => {
  const { lena, omid } = await together(world, PAIR);
  const stays = await staysFrom(omid.page);
  await omid.field('Incident name').fill('Half a na');
  await omid.field('Add comment').pressSequentially('Half a comm');
  await lena.comment('The share is write-protected now.');
  await shows(omid.history().getByRole('listitem').first(), 'The share is write-protected now.', AT_ONCE);
  assert.equal(await omid.field('Add comment').inputValue(), 'Half a comm');
  assert.equal(await omid.field('Incident name').inputValue(), 'Half a na');
  assert.ok(await omid.field('Add comment').evaluate((field) => field === document.activeElement), 'the cursor stays where it was');
  await stays();
  await shows(lena.history().getByRole('listitem').first(), 'The share is write-protected now.', AT_ONCE);
  assert.deepEqual(world.complaints, []);
});

journey('a change of status shows in the other\'s pane, row and untouched form', { alerts: lab() }, async (world) => {
  const { lena, omid } = await together(world, PAIR);
  const stays = await staysFrom(omid.page);
  await lena.field('Status').selectOption('inProgress');
  await lena.save();
  await shows(omid.history().getByRole('listitem').first(), /Status: Active → In progress/, AT_ONCE);
  await becomes(() => omid.field('Status').inputValue(), 'inProgress');
  await shows(omid.row(PAIR), 'In progress');
  await stays();
});

journey('a name that somebody else gives shows on the page without a reload', { alerts: lab() }, async (world) => {
  const { lena, omid, id } = await together(world, PAIR);
  await omid.page.goto(`/incidents/${id}/alerts`);
  const stays = await staysFrom(omid.page);
  await lena.field('Incident name').fill('Renamed while you look');
  await lena.tag('seen live');
  await lena.save();
  await omid.page.getByRole('heading', { level: 1, name: 'Renamed while you look' }).waitFor({ timeout: AT_ONCE });
  await becomes(() => omid.field('Incident name', omid.manage).inputValue(), 'Renamed while you look');
  await omid.manage.getByRole('checkbox', { name: 'Tag seen live' }).waitFor();
  await stays();
});

journey('a comment on an incident page appears on the other\'s alert page only when it is about that alert', { alerts: lab() }, async (world) => {
  const { lena, omid, id } = await together(world, PAIR);
  await omid.page.goto(`/incidents/${id}/alerts`);
  await omid.alerts.getByRole('link', { name: SERVICE }).click();
  const history = omid.history(omid.page);
  await history.waitFor();
  await lena.page.goto(omid.page.url());
  await lena.comment('This service is ours.', lena.page);
  await shows(history.getByRole('listitem').first(), 'This service is ours.', AT_ONCE);
  await lena.page.goto(`/incidents/${id}`);
  await shows(lena.history(lena.page).getByRole('listitem').first(), 'This service is ours.');
});

journey('somebody at another incident is not disturbed', { alerts: lab() }, async (world) => {
  const { lena, omid } = await together(world, PAIR);
  await omid.openPane(MAILRULE);
  const before = await omid.history().getByRole('listitem').count();
  await lena.comment('Only about the pair.');
  await shows(lena.history(), 'Only about the pair.', AT_ONCE);
  assert.equal(await omid.history().getByRole('listitem').count(), before);
});

journey('a comment that was posted without JavaScript arrives as well', { alerts: lab() }, async (world) => {
  const omid = new Analyst(await world.signIn('omid'));
  await omid.openPane(PAIR);
  const lena = new Analyst(await world.signIn('lena', { javaScriptEnabled: false }), { scripted: false });
  await lena.openPane(PAIR);
  await lena.comment('Written from a locked-down desk.');
  await shows(omid.history().getByRole('listitem').first(), 'Written from a locked-down desk.', AT_ONCE);
});

journey('after a power cut the pane catches up with what was missed, without a reload', { alerts: lab() }, async (world) => {
  const omid = new Analyst(await world.signIn('omid'));
  const id = await omid.openPane(PAIR);
  const stays = await staysFrom(omid.page);
  await omid.field('Add comment').fill('Typed before the cut');
  // Offline, so that the entries are surely made while this pane hears nothing.
  await omid.page.context().setOffline(true);
  await world.server.kill();
  await world.server.start();
  const lena = new Analyst(await world.signIn('lena', { javaScriptEnabled: false }), { scripted: false });
  await lena.page.goto(`/incidents/${id}`);
  await lena.comment('First entry after the cut.', lena.page);
  await shows(lena.history(lena.page), 'First entry after the cut.');
  await lena.comment('Second entry after the cut.', lena.page);
  await shows(lena.history(lena.page), 'Second entry after the cut.');
  await omid.page.context().setOffline(false);
  await shows(omid.history(), 'Second entry after the cut.', 15_000);
  const texts = await omid.history().getByRole('listitem').allInnerTexts();
  assert.equal(texts.filter((text) => text.includes('First entry after the cut.')).length, 1);
  assert.equal(texts.filter((text) => text.includes('Second entry after the cut.')).length, 1);
  assert.ok(texts[0].includes('Second entry'), 'newest first');
  assert.equal(await omid.field('Add comment').inputValue(), 'Typed before the cut');
  await omid.press('Comment');
  await shows(omid.history().getByRole('listitem').first(), 'Typed before the cut');
  await stays();
});

journey('a comment that cannot be sent stays typed and says so', { alerts: lab() }, async (world) => {
  const omid = new Analyst(await world.signIn('omid'));
  await omid.openPane(PAIR);
  await world.server.kill();
  await omid.comment('Do not lose me.');
  await shows(omid.history(), /cannot be reached/);
  assert.equal(await omid.field('Add comment').inputValue(), 'Do not lose me.');
  await omid.field('Incident name').fill('Nor me');
  await omid.press('Save');
  await omid.isTold('cannot be reached');
  assert.equal(await omid.field('Incident name').inputValue(), 'Nor me');
  await world.server.start();
  await omid.press('Comment');
  await shows(omid.history(), 'Do not lose me.', 15_000);
});

journey('an alert that joins shows in the open pane at once, and only once however often it is told', { alerts: lab() }, async (world) => {
  const omid = new Analyst(await world.signIn('omid'));
  const id = await omid.openPane(PAIR);
  await omid.press('Assign to me');
  await becomes(() => omid.field('Assigned to').inputValue(), 'omid');
  const stays = await staysFrom(omid.page);
  await omid.field('Add comment').fill('Half a comment');
  const joining = alert({ title: 'Credentials read from lab memory', minutesAgo: 40, category: 'CredentialAccess', evidence: [device('lab-ws-17')] });
  const first = await world.server.ingest([joining]);
  assert.equal(first.created, 1, JSON.stringify(first));
  assert.equal(Number(first.results[0].incidentId), id);
  await shows(omid.history(), 'Credentials read from lab memory', AT_ONCE);
  await shows(omid.pane, '3/3', AT_ONCE);
  assert.equal(await omid.field('Add comment').inputValue(), 'Half a comment');
  assert.equal(await omid.field('Incident name').inputValue(), 'Multi-stage incident involving Execution & Credential access on one endpoint');
  const again = await world.server.ingest([joining]);
  assert.deepEqual([again.created, again.updated], [0, 1], JSON.stringify(again));
  await stays();
  await omid.page.goto(`/incidents/${id}/alerts`);
  await becomes(() => omid.alerts.locator('tbody').getByRole('row').count(), 3);
  // An alert that joins an owned incident takes its owner.
  await becomes(() => omid.alerts.locator('tbody').getByRole('row').filter({ hasText: 'Omid Karimi' }).count(), 3);
});

journey('an alert related to a resolved incident opens a new one that names it', { alerts: lab() }, async (world) => {
  const omid = new Analyst(await world.signIn('omid'));
  const id = await omid.openPane(PAIR);
  await omid.field('Status').selectOption('resolved');
  await omid.save();
  const report = await world.server.ingest([alert({ title: 'The lab share again', minutesAgo: 10, evidence: [device('lab-ws-17')] })]);
  const fresh = Number(report.results[0].incidentId);
  assert.notEqual(fresh, id);
  await omid.page.goto(`/incidents/${fresh}`);
  await omid.page.getByRole('link', { name: new RegExp(`incident ${id}:`) }).first().waitFor();
});

journey('a row that a Save takes out of the queue stays, and says Resolved', { alerts: lab() }, async (world) => {
  const lena = new Analyst(await world.signIn('lena'));
  await lena.openPane(MAILRULE);
  await lena.field('Status').selectOption('resolved');
  await lena.save();
  await shows(lena.history(), /Status: Active → Resolved/);
  await shows(lena.row(MAILRULE), 'Resolved');
});

journey('the history of comments alone stays one of comments alone', { alerts: lab() }, async (world) => {
  const { lena, omid, id } = await together(world, PAIR);
  await omid.page.goto(`/incidents/${id}/history?show=comments`);
  await lena.field('Severity').selectOption('low');
  await lena.save();
  await lena.comment('Said after the change.');
  await shows(omid.history(omid.page), 'Said after the change.', AT_ONCE);
  assert.equal(await omid.history(omid.page).getByRole('listitem').count(), 1);
});

journey('an open pane tells when somebody moves the last alert away', { alerts: lab() }, async (world) => {
  const { lena, omid, id } = await together(world, MAILRULE);
  const target = await lena.id(PAIR);
  await lena.page.goto(`/incidents/${id}/alerts`);
  await lena.alerts.getByRole('checkbox').first().check();
  await lena.page.getByRole('button', { name: 'Move alerts' }).click();
  await lena.page.getByLabel('Target incident').fill(String(target));
  await lena.page.getByRole('button', { name: 'Move', exact: true }).click();
  await lena.isTold('1 alert moved here.');
  await shows(omid.history(), `Its alerts are in incident ${target} now.`, AT_ONCE);
  await omid.pane.getByRole('status').getByRole('link', { name: `incident ${target}`, exact: true }).waitFor();
  await omid.pane.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
});
