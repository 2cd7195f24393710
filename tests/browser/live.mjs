// Two people at one incident see each other's work as it happens.
import assert from 'node:assert/strict';
import { Analyst } from './support/analyst.mjs';
import { MAILRULE, PAIR, SERVICE, alert, device, lab } from './support/alerts.mjs';
import { becomes, shows, staysFrom } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const AT_ONCE = 2_000;

async function together(world, name) {
  const [dana, omar] = [new Analyst(await world.signIn('dana')), new Analyst(await world.signIn('omar'))];
  const id = await dana.openPane(name);
  await omar.openPane(name);
  return { dana, omar, id };
}

journey('a comment in one browser appears in the other\'s pane at once and leaves half-typed text alone', { alerts: lab() }, async (world) => {
  const { dana, omar } = await together(world, PAIR);
  const stays = await staysFrom(omar.page);
  await omar.field('Incident name').fill('Half a na');
  await omar.field('Add comment').pressSequentially('Half a comm');
  await dana.comment('The share is write-protected now.');
  await shows(omar.history().getByRole('listitem').first(), 'The share is write-protected now.', AT_ONCE);
  assert.equal(await omar.field('Add comment').inputValue(), 'Half a comm');
  assert.equal(await omar.field('Incident name').inputValue(), 'Half a na');
  assert.ok(await omar.field('Add comment').evaluate((field) => field === document.activeElement), 'the cursor stays where it was');
  await stays();
  await shows(dana.history().getByRole('listitem').first(), 'The share is write-protected now.', AT_ONCE);
  assert.deepEqual(world.complaints, []);
});

journey('a change of status shows in the other\'s pane, row and untouched form', { alerts: lab() }, async (world) => {
  const { dana, omar } = await together(world, PAIR);
  const stays = await staysFrom(omar.page);
  await dana.field('Status').selectOption('inProgress');
  await dana.save();
  await shows(omar.history().getByRole('listitem').first(), /Status: Active → In progress/, AT_ONCE);
  await becomes(() => omar.field('Status').inputValue(), 'inProgress');
  await shows(omar.row(PAIR), 'In progress');
  await stays();
});

journey('a name that somebody else gives shows on the page without a reload', { alerts: lab() }, async (world) => {
  const { dana, omar, id } = await together(world, PAIR);
  await omar.page.goto(`/incidents/${id}/alerts`);
  const stays = await staysFrom(omar.page);
  await dana.field('Incident name').fill('Renamed while you look');
  await dana.tag('seen live');
  await dana.save();
  await omar.page.getByRole('heading', { level: 1, name: 'Renamed while you look' }).waitFor({ timeout: AT_ONCE });
  await becomes(() => omar.field('Incident name', omar.manage).inputValue(), 'Renamed while you look');
  await omar.manage.getByRole('checkbox', { name: 'Tag seen live' }).waitFor();
  await stays();
});

journey('a comment on an incident page appears on the other\'s alert page only when it is about that alert', { alerts: lab() }, async (world) => {
  const { dana, omar, id } = await together(world, PAIR);
  await omar.page.goto(`/incidents/${id}/alerts`);
  await omar.alerts.getByRole('link', { name: SERVICE }).click();
  const history = omar.history(omar.page);
  await history.waitFor();
  await dana.page.goto(omar.page.url());
  await dana.comment('This service is ours.', dana.page);
  await shows(history.getByRole('listitem').first(), 'This service is ours.', AT_ONCE);
  await dana.page.goto(`/incidents/${id}`);
  await shows(dana.history(dana.page).getByRole('listitem').first(), 'This service is ours.');
});

journey('a page of another incident does not change', { alerts: lab() }, async (world) => {
  const { dana, omar } = await together(world, PAIR);
  await omar.openPane(MAILRULE);
  const before = await omar.history().getByRole('listitem').count();
  await dana.comment('Only about the pair.');
  await shows(dana.history(), 'Only about the pair.', AT_ONCE);
  assert.equal(await omar.history().getByRole('listitem').count(), before);
});

journey('a comment that was posted without JavaScript arrives as well', { alerts: lab() }, async (world) => {
  const omar = new Analyst(await world.signIn('omar'));
  await omar.openPane(PAIR);
  const dana = new Analyst(await world.signIn('dana', { javaScriptEnabled: false }), { scripted: false });
  await dana.openPane(PAIR);
  await dana.comment('Written from a locked-down desk.');
  await shows(omar.history().getByRole('listitem').first(), 'Written from a locked-down desk.', AT_ONCE);
});

journey('after a power cut the pane catches up with what was missed, without a reload', { alerts: lab() }, async (world) => {
  const omar = new Analyst(await world.signIn('omar'));
  const id = await omar.openPane(PAIR);
  const stays = await staysFrom(omar.page);
  await omar.field('Add comment').fill('Typed before the cut');
  // Offline, so that the entries are surely made while this pane hears nothing.
  await omar.page.context().setOffline(true);
  await world.server.kill();
  await world.server.start();
  const dana = new Analyst(await world.signIn('dana', { javaScriptEnabled: false }), { scripted: false });
  await dana.page.goto(`/incidents/${id}`);
  await dana.comment('First entry after the cut.', dana.page);
  await shows(dana.history(dana.page), 'First entry after the cut.');
  await dana.comment('Second entry after the cut.', dana.page);
  await shows(dana.history(dana.page), 'Second entry after the cut.');
  await omar.page.context().setOffline(false);
  await shows(omar.history(), 'Second entry after the cut.', 15_000);
  const texts = await omar.history().getByRole('listitem').allInnerTexts();
  assert.equal(texts.filter((text) => text.includes('First entry after the cut.')).length, 1);
  assert.equal(texts.filter((text) => text.includes('Second entry after the cut.')).length, 1);
  assert.ok(texts[0].includes('Second entry'), 'newest first');
  assert.equal(await omar.field('Add comment').inputValue(), 'Typed before the cut');
  await omar.press('Comment');
  await shows(omar.history().getByRole('listitem').first(), 'Typed before the cut');
  await stays();
});

journey('a comment that cannot be sent stays typed and says so', { alerts: lab() }, async (world) => {
  const omar = new Analyst(await world.signIn('omar'));
  await omar.openPane(PAIR);
  await world.server.kill();
  await omar.comment('Do not lose me.');
  await shows(omar.history(), /cannot be reached/);
  assert.equal(await omar.field('Add comment').inputValue(), 'Do not lose me.');
  await omar.field('Incident name').fill('Nor me');
  await omar.press('Save');
  await omar.isTold('cannot be reached');
  assert.equal(await omar.field('Incident name').inputValue(), 'Nor me');
  await world.server.start();
  await omar.press('Comment');
  await shows(omar.history(), 'Do not lose me.', 15_000);
});

journey('an alert that joins shows in the open pane at once, and only once however often it is sent', { alerts: lab() }, async (world) => {
  const omar = new Analyst(await world.signIn('omar'));
  const id = await omar.openPane(PAIR);
  await omar.press('Assign to me');
  await becomes(() => omar.field('Assigned to').inputValue(), 'omar');
  const stays = await staysFrom(omar.page);
  await omar.field('Add comment').fill('Half a comment');
  const joining = alert({ title: 'Credentials read from lab memory', minutesAgo: 40, category: 'CredentialAccess', evidence: [device('lab-ws-17')] });
  const first = await world.server.ingest([joining]);
  assert.equal(first.created, 1, JSON.stringify(first));
  assert.equal(Number(first.results[0].incidentId), id);
  await shows(omar.history(), 'Credentials read from lab memory', AT_ONCE);
  await shows(omar.pane, '3/3', AT_ONCE);
  assert.equal(await omar.field('Add comment').inputValue(), 'Half a comment');
  assert.equal(await omar.field('Incident name').inputValue(), 'Multi-stage incident involving Execution & Credential access on one endpoint');
  const again = await world.server.ingest([joining]);
  assert.deepEqual([again.created, again.updated], [0, 1], JSON.stringify(again));
  await stays();
  await omar.page.goto(`/incidents/${id}/alerts`);
  await becomes(() => omar.alerts.locator('tbody').getByRole('row').count(), 3);
  // An alert that joins an owned incident takes its owner.
  await becomes(() => omar.alerts.locator('tbody').getByRole('row').filter({ hasText: 'Omar Haddad' }).count(), 3);
});

journey('an alert related to a resolved incident opens a new one that names it', { alerts: lab() }, async (world) => {
  const omar = new Analyst(await world.signIn('omar'));
  const id = await omar.openPane(PAIR);
  await omar.field('Status').selectOption('resolved');
  await omar.save();
  const report = await world.server.ingest([alert({ title: 'The lab share again', minutesAgo: 10, evidence: [device('lab-ws-17')] })]);
  const fresh = Number(report.results[0].incidentId);
  assert.notEqual(fresh, id);
  await omar.page.goto(`/incidents/${fresh}`);
  await omar.page.getByRole('link', { name: new RegExp(`incident ${id}:`) }).first().waitFor();
});

journey('a row that a Save takes out of the queue stays, and says Resolved', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana'));
  await dana.openPane(MAILRULE);
  await dana.field('Status').selectOption('resolved');
  await dana.save();
  await shows(dana.history(), /Status: Active → Resolved/);
  await shows(dana.row(MAILRULE), 'Resolved');
});

journey('the history of comments alone stays one of comments alone', { alerts: lab() }, async (world) => {
  const { dana, omar, id } = await together(world, PAIR);
  await omar.page.goto(`/incidents/${id}/history?show=comments`);
  await dana.field('Severity').selectOption('low');
  await dana.save();
  await dana.comment('Said after the change.');
  await shows(omar.history(omar.page), 'Said after the change.', AT_ONCE);
  assert.equal(await omar.history(omar.page).getByRole('listitem').count(), 1);
});

journey('an open pane says when somebody moves the last alert away', { alerts: lab() }, async (world) => {
  const { dana, omar, id } = await together(world, MAILRULE);
  const target = await dana.id(PAIR);
  await dana.page.goto(`/incidents/${id}/alerts`);
  await dana.alerts.getByRole('checkbox', { name: `Select alert ${MAILRULE}` }).check();
  await dana.page.getByRole('button', { name: 'Move alerts' }).click();
  await dana.page.getByLabel('Target incident').fill(String(target));
  await dana.page.getByRole('button', { name: 'Move', exact: true }).click();
  await dana.isTold('1 alert moved to incident');
  await shows(omar.history(), `Its alerts are now in incident ${target}.`, AT_ONCE);
  await omar.pane.getByRole('status').getByRole('link', { name: `incident ${target}`, exact: true }).waitFor();
  await omar.pane.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
});
