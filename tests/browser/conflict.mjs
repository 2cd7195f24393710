// A save made from an old revision shows both sides: nothing is lost, nothing silently overwritten.
import assert from 'node:assert/strict';
import { Analyst, BOTH } from './support/analyst.mjs';
import { PAIR, lab } from './support/alerts.mjs';
import { becomes, shows } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const MINE = 'Lab drill, as Lena names it';
const THEIRS = 'Lab drill, as Omid names it';

/** Both open the incident; Omid's changes are saved behind Lena's typed name. */
async function crossed(world, options, scripted) {
  const lena = new Analyst(await world.signIn('lena', options), { scripted });
  const omid = new Analyst(await world.signIn('omid'));
  const id = await lena.openPane(PAIR);
  await omid.openPane(PAIR);
  await lena.field('Incident name').fill(MINE);
  await lena.field('Classification').selectOption('truePositive:malware');
  await omid.field('Incident name').fill(THEIRS);
  await omid.field('Status').selectOption('inProgress');
  await omid.save();
  return { lena, omid, id };
}

for (const { how, scripted, options } of BOTH) {
  // Without a script the answer is the incident page; with it the pane stays where it is.
  const place = (lena) => (scripted ? lena.pane : lena.manage);

  journey(`a stale save answers with what the other changed beside what was typed, ${how}`, { alerts: lab() }, async (world) => {
    const { lena } = await crossed(world, options, scripted);
    const answer = lena.page.waitForResponse((response) => response.request().method() === 'POST');
    await lena.press('Save');
    assert.equal((await answer).status(), 409);
    const form = place(lena);
    await form.getByRole('alert').waitFor();
    for (const text of ['Omid Karimi', THEIRS, MINE, 'In progress']) assert.ok((await form.getByRole('alert').innerText()).includes(text), `the answer tells "${text}"`);
    assert.equal(await lena.field('Incident name', form).inputValue(), MINE);
    assert.equal(await lena.field('Classification', form).inputValue(), 'truePositive:malware');
    assert.equal(await lena.field('Status', form).inputValue(), 'inProgress', 'where Lena typed nothing, Omid\'s value stands');
    if (scripted) assert.ok(await lena.queue.isVisible(), 'the queue is still there');

    await lena.press('Save', form);
    await lena.isTold('Saved.');
    await becomes(() => lena.names().then((names) => names.includes(MINE)).catch(() => false), true);
    await lena.openPane(MINE);
    await shows(lena.history(), `Name: "${THEIRS}" → "${MINE}"`);
    assert.equal(await lena.field('Status').inputValue(), 'inProgress');
  });

  journey(`what somebody changes while the conflict is on screen is not overwritten silently, ${how}`, { alerts: lab() }, async (world) => {
    const { lena, omid, id } = await crossed(world, options, scripted);
    await lena.press('Save');
    await place(lena).getByRole('alert').waitFor();
    await omid.page.goto(`/incidents/${id}`);
    await omid.field('Severity', omid.manage).selectOption('low');
    await omid.field('Incident name', omid.manage).fill('A third name');
    await omid.save(omid.manage);
    if (scripted) await shows(lena.history(), '"A third name"');
    const answer = lena.page.waitForResponse((response) => response.request().method() === 'POST');
    await lena.press('Save', place(lena));
    assert.equal((await answer).status(), 409, 'Omid changed the name again after the conflict was shown');
    await omid.page.reload();
    await omid.page.getByRole('heading', { level: 1, name: 'A third name' }).waitFor();
    assert.equal(await omid.field('Severity', omid.manage).inputValue(), 'low');
  });

  journey(`a new tag typed into a stale form is still there, ${how}`, { alerts: lab() }, async (world) => {
    const { lena } = await crossed(world, options, scripted);
    await lena.tag('kept tag');
    await lena.press('Save');
    await place(lena).getByRole('alert').waitFor();
    await lena.press('Save', place(lena));
    await lena.isTold('Saved.');
    await becomes(() => lena.names().then((names) => names.includes(MINE)).catch(() => false), true);
    await lena.openPane(MINE);
    await shows(lena.history(), 'Tag added: kept tag');
  });
}

journey('a half-typed comment survives the conflict', { alerts: lab() }, async (world) => {
  const { lena } = await crossed(world, {}, true);
  await lena.field('Add comment').fill('Half a comment');
  await lena.press('Save');
  await lena.pane.getByRole('alert').waitFor();
  assert.equal(await lena.field('Add comment').inputValue(), 'Half a comment');
});

journey('changes of two people to different fields both stand, without a conflict', { alerts: lab() }, async (world) => {
  const [lena, omid] = [new Analyst(await world.signIn('lena')), new Analyst(await world.signIn('omid'))];
  await lena.openPane(PAIR);
  await omid.openPane(PAIR);
  await lena.field('Incident name').fill(MINE);
  await omid.field('Severity').selectOption('low');
  await omid.save();
  await becomes(() => lena.field('Severity').inputValue(), 'low');
  await lena.save();
  await shows(lena.history(), `→ "${MINE}"`);
  assert.equal(await lena.field('Severity').inputValue(), 'low');
});

journey('the form says when somebody changes the field that is being edited', { alerts: lab() }, async (world) => {
  const { lena } = await crossed(world, {}, true);
  await shows(lena.pane.getByRole('status'), `Changed meanwhile to: ${THEIRS}`);
  assert.equal(await lena.field('Incident name').inputValue(), MINE);
});

journey('a stale save of an alert answers with the conflict too', { alerts: lab() }, async (world) => {
  const lena = new Analyst(await world.signIn('lena', { javaScriptEnabled: false }), { scripted: false });
  const omid = new Analyst(await world.signIn('omid'));
  const id = await lena.id(PAIR);
  await lena.page.goto(`/incidents/${id}/alerts`);
  await lena.alerts.getByRole('link').first().click();
  const form = (who) => who.page.getByRole('region', { name: 'Manage alert' });
  await form(lena).waitFor();
  await omid.page.goto(lena.page.url());
  await omid.field('Status', form(omid)).selectOption('inProgress');
  await omid.save(form(omid));
  await lena.field('Classification', form(lena)).selectOption('falsePositive:notMalicious');
  await lena.press('Save', form(lena));
  await form(lena).getByRole('alert').waitFor();
  assert.equal(await lena.field('Classification', form(lena)).inputValue(), 'falsePositive:notMalicious');
  assert.equal(await lena.field('Status', form(lena)).inputValue(), 'inProgress');
  await lena.save(form(lena));
  await becomes(() => lena.field('Classification', form(lena)).inputValue(), 'falsePositive:notMalicious');
});
